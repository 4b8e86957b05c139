"""Error class -> page for people; the API has its own table in web/errors.py."""

from http import HTTPStatus

from flask import Blueprint, Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from moderator.domain.errors import (
    ModeratorError,
    OverloadedError,
    StorageUnavailableError,
    TooManyRequestsError,
)
from moderator.web.errors import STATUS, STORAGE_RETRY, http_problem
from moderator.web.security import HEADERS

TITLES = {
    HTTPStatus.FORBIDDEN: "Not allowed",
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.CONFLICT: "Somebody was faster",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many attempts",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available just now",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side",
}
WORDS = {
    HTTPStatus.NOT_FOUND: "The page is gone, or it belongs to a site that is not yours.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "It was logged. What you decided before is safe.",
}


def register(app: Flask, dashboard: Blueprint) -> None:
    dashboard.register_error_handler(ModeratorError, refused)
    dashboard.register_error_handler(HTTPException, failed)

    def anywhere(error: HTTPException) -> Response:
        """Where no route is: a page for people, a problem for programs."""
        return http_problem(error) if request.path.startswith("/v1") else failed(error)

    app.register_error_handler(HTTPException, anywhere)


def refused(error: ModeratorError) -> Response:
    status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = page_of(status, str(error))
    if isinstance(error, TooManyRequestsError | OverloadedError):
        answer.headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, StorageUnavailableError):
        answer.headers["Retry-After"] = str(STORAGE_RETRY)
    return answer


def failed(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = page_of(status, WORDS.get(status, status.description))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers.extend((k, v) for k, v in error.get_headers() if k == "Allow")
    return answer


def page_of(status: HTTPStatus, words: str) -> Response:
    """One plain page; also for requests that no guard has seen."""
    title = TITLES.get(status, status.phrase)
    answer = make_response(render_template("error.html", title=title, words=words), status)
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer
