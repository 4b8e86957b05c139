"""Error class -> status, title, words: one table for programs and for people.

A program is answered with problem+json (RFC 9457), here; a person with a page, in
dashboard/errors.py.
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from moderator.domain.errors import (
    ConflictError,
    FaultError,
    FieldError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    ModeratorError,
    NotFoundError,
    OverloadedError,
    StorageUnavailableError,
    TooLargeError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnsupportedMediaError,
)
from moderator.web.answers import PROBLEM, json_answer


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """`title` heads a page (else the status's own phrase); `words` stand there if the error is
    none of ours. `retry_after` is in seconds, if the error itself does not know better.
    """

    status: HTTPStatus
    title: str = ""
    words: str = ""
    retry_after: int | None = None


NOTHING_HERE = "There is nothing here"
BROKEN = "Something broke on our side"
NOT_NOW = "Not available just now"
ANSWERS: dict[type[Exception], ErrorAnswer] = {
    MalformedError: ErrorAnswer(HTTPStatus.BAD_REQUEST),
    UnauthenticatedError: ErrorAnswer(HTTPStatus.UNAUTHORIZED, "Please log in"),
    ForbiddenError: ErrorAnswer(HTTPStatus.FORBIDDEN, "Not allowed"),
    NotFoundError: ErrorAnswer(HTTPStatus.NOT_FOUND, NOTHING_HERE),
    ConflictError: ErrorAnswer(HTTPStatus.CONFLICT, "Somebody was faster"),
    TooLargeError: ErrorAnswer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    UnsupportedMediaError: ErrorAnswer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    InvalidError: ErrorAnswer(HTTPStatus.UNPROCESSABLE_ENTITY),
    TooManyRequestsError: ErrorAnswer(HTTPStatus.TOO_MANY_REQUESTS, "Too many attempts"),
    OverloadedError: ErrorAnswer(HTTPStatus.SERVICE_UNAVAILABLE, NOT_NOW),
    StorageUnavailableError: ErrorAnswer(HTTPStatus.SERVICE_UNAVAILABLE, NOT_NOW, retry_after=5),
    FaultError: ErrorAnswer(HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN),
    NotFound: ErrorAnswer(
        HTTPStatus.NOT_FOUND,
        NOTHING_HERE,
        "The page is gone, or it belongs to a site that is not yours.",
    ),
    InternalServerError: ErrorAnswer(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        BROKEN,
        "It was logged. What you decided before is safe.",
    ),
}
OURS = tuple(error for error in ANSWERS if issubclass(error, ModeratorError))
API = (
    "/v1", "/doors", "/platforms/", "/blogspam/", "/api/", "/1.1/", "/1.2/", "/healthz", "/readyz",
    "/metrics", "/openapi.json",
)  # fmt: skip


def answer_of(error: Exception) -> ErrorAnswer:
    """The row of an error's class, or of the nearest class above it."""
    for above in type(error).__mro__:
        if above in ANSWERS:
            return ANSWERS[above]
    code = error.code if isinstance(error, HTTPException) else None
    return ErrorAnswer(HTTPStatus(code or HTTPStatus.INTERNAL_SERVER_ERROR))


def retry_after(error: Exception) -> int | None:
    """Seconds until the same request may succeed; None when we do not know."""
    if isinstance(error, TooManyRequestsError | OverloadedError):
        return max(1, error.retry_after)
    return answer_of(error).retry_after


def headers_of(error: Exception) -> dict[str, str]:
    """What an answer to this error says in its headers, whoever reads it."""
    if isinstance(error, HTTPException):  # Allow, Retry-After
        body = {"content-type", "content-length"}
        return {name: value for name, value in error.get_headers() if name.lower() not in body}
    wait = retry_after(error)
    return {} if wait is None else {"Retry-After": str(wait)}


def problem(error: Exception) -> dict[str, object]:
    """Return the problem details of an error; its own words only if it is one of ours."""
    status = answer_of(error).status
    found: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
    }
    if isinstance(error, ModeratorError):
        found["detail"] = str(error)
    if isinstance(error, InvalidError):
        found["errors"] = [_field(field) for field in error.fields]
    return found


def problem_answer(error: Exception) -> Response:
    answer = json_answer(problem(error), answer_of(error).status, content_type=PROBLEM)
    for name, value in headers_of(error).items():
        answer.headers[name] = value
    if isinstance(error, UnauthenticatedError):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="moderator"'
    return answer


def is_for_programs(path: str) -> bool:
    return path.startswith(API)


def register(app: Flask) -> None:
    """Answer errors below API in JSON; elsewhere a page for people may be registered instead."""

    def refused(error: HTTPException) -> Response | HTTPException:
        return problem_answer(error) if is_for_programs(request.path) else error

    app.register_error_handler(HTTPException, refused)
    for error in OURS:
        app.register_error_handler(error, problem_answer)


def _field(field: FieldError) -> dict[str, str]:
    return {"pointer": field.pointer, "detail": field.detail}
