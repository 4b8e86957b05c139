"""Errors as pages for people; which status and title an error has says web/errors.py."""

from math import ceil

from flask import Blueprint, Flask, Response, make_response, render_template, request
from werkzeug.exceptions import BadHost, HTTPException

from moderator.domain.errors import ModeratorError
from moderator.web.dashboard.security import HEADERS
from moderator.web.errors import (
    OURS,
    answer_of,
    headers_of,
    is_for_programs,
    problem_answer,
    retry_after,
)

LONG = 120  # seconds; from here on people count in minutes


def register(app: Flask, dashboard: Blueprint) -> None:
    for error in (*OURS, HTTPException):
        dashboard.register_error_handler(error, page_answer)

    def anywhere(error: HTTPException) -> Response:
        """Where no route is: a page for people, a problem for programs.

        Where the host is none, no link can be made, and so no page.
        """
        is_problem = isinstance(error, BadHost) or is_for_programs(request.path)
        return problem_answer(error) if is_problem else page_answer(error)

    app.register_error_handler(HTTPException, anywhere)


def page_answer(error: Exception) -> Response:
    """One plain page; also for requests that no guard has seen."""
    row = answer_of(error)
    words = str(error) if isinstance(error, ModeratorError) else row.words
    shown = render_template(
        "error.html",
        title=row.title or row.status.phrase,
        words=words or row.status.description,
        wait=_spoken(retry_after(error)),
    )
    answer = make_response(shown, row.status)
    answer.headers.update({**headers_of(error), **HEADERS, "Cache-Control": "no-store"})
    return answer


def _spoken(seconds: int | None) -> str:
    if seconds is None:
        return ""
    count, unit = (ceil(seconds / 60), "minute") if seconds >= LONG else (seconds, "second")
    return f"{count} {unit}{'' if count == 1 else 's'}"
