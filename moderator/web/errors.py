"""Error class -> HTTP answer, one table; every answer is problem+json (RFC 9457)."""

from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

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

STATUS: dict[type[ModeratorError], HTTPStatus] = {
    MalformedError: HTTPStatus.BAD_REQUEST,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    InvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    OverloadedError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    FaultError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
API = ("/v1", "/doors")
STORAGE_RETRY = 5  # seconds


def problem(error: ModeratorError) -> dict[str, object]:
    """Return the problem details of an error that the caller may see."""
    status = STATUS[type(error)]
    found: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": str(error),
    }
    if isinstance(error, InvalidError):
        found["errors"] = [_field(field) for field in error.fields]
    return found


def problem_answer(error: ModeratorError) -> Response:
    answer = json_answer(problem(error), STATUS[type(error)], content_type=PROBLEM)
    match error:
        case TooManyRequestsError() | OverloadedError():
            answer.headers["Retry-After"] = str(error.retry_after)
        case StorageUnavailableError():
            answer.headers["Retry-After"] = str(STORAGE_RETRY)
        case UnauthenticatedError():
            answer.headers["WWW-Authenticate"] = 'Bearer realm="moderator"'
        case _:
            pass
    return answer


def http_problem(error: HTTPException) -> Response:
    """Return Flask's own refusal (404, 405, 413, an unforeseen 500) as problem+json."""
    status = HTTPStatus(error.code or 500)
    found = {"type": "about:blank", "title": status.phrase, "status": status.value}
    answer = json_answer(found, status, content_type=PROBLEM)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value  # Allow, Retry-After
    return answer


def register(app: Flask) -> None:
    """Answer errors below API in JSON; elsewhere a page for people may be registered instead."""

    def refused(error: HTTPException) -> Response | HTTPException:
        return http_problem(error) if request.path.startswith(API) else error

    app.register_error_handler(HTTPException, refused)
    for error in STATUS:
        app.register_error_handler(error, problem_answer)


def _field(field: FieldError) -> dict[str, str]:
    return {"pointer": field.pointer, "detail": field.detail}
