"""The intake endpoints: who asks, what they send, stored, answered.

In this order, cheapest refusal first: media type, length, credential, idempotency key, rate, body.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import InternalServerError, LengthRequired

from moderator.domain.errors import (
    MalformedError,
    ModeratorError,
    NotFoundError,
    RequestError,
    UnauthenticatedError,
    UnsupportedMediaError,
)
from moderator.domain.events.arrival import Answer, Arrival, Receipt
from moderator.domain.ids import new_id
from moderator.intake.fields import has_controls
from moderator.intake.webhook import events
from moderator.signing import HEADERS
from moderator.usecases.intake.credentials import Caller, Signed, by_key, by_profile, by_signature
from moderator.usecases.services import Services
from moderator.web.answers import JSON, LateAnswer, json_answer
from moderator.web.bodies import Environ, judge_length, read_body, sent_headers
from moderator.web.errors import answer_of, problem, problem_answer
from moderator.web.limits import RateLimit

log = logging.getLogger(__name__)

JSON_TYPE = re.compile(
    r'application/json[ \t]*(?:;[ \t]*charset="?utf-?8"?[ \t]*)?;?', re.IGNORECASE
)
# Where WSGI keeps the signed headers: read from there, they cost no copies.
SIGNED = tuple((name, f"HTTP_{name.upper().replace('-', '_')}") for name in HEADERS)
# One of these stands in the head of what a site sends; the last one with a signature of its own.
PROOFS = ("HTTP_AUTHORIZATION", "HTTP_WEBHOOK_SIGNATURE", "HTTP_X_SITE_ID")
KEY = re.compile(r"[ -~]{1,255}")
ID = re.compile(r"[0-9a-f]{32}")
BESIDE = "\n"  # before a key that stands beside a signature and is not signed: no key has it
PATH = "/v1/submissions"
FORM_LIMIT = 64 * 1024  # bytes of anything that is sent elsewhere: forms, calls of linkbacks
# What an Akismet client says of a comment may have the source of a pingback with it.
LARGE_FORMS = frozenset({"/1.1/comment-check", "/1.1/submit-spam", "/1.1/submit-ham"})
LARGE_PATHS = ("/platforms/", "/blogspam/")  # comments in others' words
LARGE_FORM = 1024 * 1024
UNKNOWN = "Send a bearer key or a Standard Webhooks signature"


class Webhook:
    def __init__(self, services: Services, limit: RateLimit) -> None:
        self._services = services
        self._limit = limit

    def one(self) -> Response:
        """POST /v1/submissions."""
        arrival, now = self.read()
        return LateAnswer(partial(_one, self._services.accept.begin([arrival], now)))

    def read(self) -> tuple[Arrival, datetime]:
        """The one event that was sent, and when. Raises a RequestError."""
        environ = request.environ
        body = _body(environ, events.BODY_LIMIT)
        origin, caller = self._origin(environ, body)
        self._limit.take(origin.site_id, origin.received_at)
        return events.parse(body, origin, keys=_keys(environ, caller)), origin.received_at

    def bulk(self) -> Response:
        """POST /v1/submissions/bulk: up to 100 events, each answered on its own."""
        environ = request.environ
        body = _body(environ, events.BULK_LIMIT)
        origin, caller = self._origin(environ, body)
        arrivals = events.parse_bulk(body, origin, keys=_keys(environ, caller))
        self._limit.take(origin.site_id, origin.received_at, events=len(arrivals))
        good = [arrival for arrival in arrivals if isinstance(arrival, Arrival)]
        stored = iter(self._services.accept(good, origin.received_at) if good else ())
        results = [
            _result(index, next(stored) if isinstance(arrival, Arrival) else arrival)
            for index, arrival in enumerate(arrivals)
        ]
        return json_answer({"results": results}, HTTPStatus.OK)

    def show(self, submission_id: str) -> Response:
        """GET /v1/submissions/<id>."""
        origin, _ = self._origin(request.environ, b"")
        if not ID.fullmatch(submission_id):
            raise NotFoundError("There is no such submission")
        return json_answer(self._services.show(origin.site_id, submission_id), HTTPStatus.OK)

    def find(self) -> Response:
        """GET /v1/submissions/find?platform_id=…: the same by the blog's own id."""
        origin, _ = self._origin(request.environ, b"")
        platform_id = request.args.get("platform_id", "")
        if has_controls(platform_id):  # PostgreSQL takes no NUL, not even in a question
            raise NotFoundError("There is no such submission")
        view = self._services.show.by_platform_id(origin.site_id, platform_id)
        return json_answer(view, HTTPStatus.OK)

    def _origin(self, environ: Environ, body: bytes) -> tuple[events.EventOrigin, Caller]:
        """Find out who asks. Raises UnauthenticatedError."""
        now, sites = self._services.clock(), self._services.sites
        authorization = environ.get("HTTP_AUTHORIZATION")
        if authorization is not None:
            caller = by_key(sites, authorization, now=now)
        elif "HTTP_WEBHOOK_SIGNATURE" not in environ and "HTTP_X_SITE_ID" in environ:
            sent = Signed(sent_headers(), body, events.secret_in(body) if body else "")
            caller = by_profile(sites, environ["HTTP_X_SITE_ID"], sent, now=now)
        elif "HTTP_WEBHOOK_SIGNATURE" in environ:
            site_id = environ.get("HTTP_X_SITE_ID") or _named_site(body)
            signed = {name: environ.get(place, "") for name, place in SIGNED}
            caller = by_signature(sites, site_id, headers=signed, body=body, now=now)
        else:
            raise UnauthenticatedError(UNKNOWN)
        entropy = self._services.entropy
        return events.EventOrigin(caller.site.id, now, lambda: new_id(now, entropy(10))), caller


def register(app: Flask, services: Services, limit: RateLimit) -> None:
    webhook = Webhook(services, limit)
    for rule, name, view, method in (
        (PATH, "submit", webhook.one, "POST"),
        (f"{PATH}/bulk", "submit_bulk", webhook.bulk, "POST"),
        (f"{PATH}/find", "find_submission", webhook.find, "GET"),
        # No id is as short as the names above, which take another method.
        (f"{PATH}/<string(length=32):submission_id>", "show_submission", webhook.show, "GET"),
    ):
        app.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)


def is_refused_unread(environ: Environ) -> bool:
    """Whether the head alone decides that the body is not wanted, whatever it may be."""
    path = str(environ["PATH_INFO"])
    if environ["REQUEST_METHOD"] != "POST":
        return False
    if not path.startswith("/v1/"):
        is_large = path in LARGE_FORMS or path.startswith(LARGE_PATHS)
        limit = LARGE_FORM if is_large else FORM_LIMIT
        return int(str(environ.get("CONTENT_LENGTH", 0))) > limit
    try:
        _judge_head(environ, events.BULK_LIMIT if path == f"{PATH}/bulk" else events.BODY_LIMIT)
    except (RequestError, LengthRequired):
        return True
    return False


def _judge_head(environ: Environ, limit: int) -> None:
    """Raises UnsupportedMediaError, LengthRequired, TooLargeError, UnauthenticatedError."""
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaError("Send the body without Content-Encoding")
    content_type = environ.get("CONTENT_TYPE", "")
    if content_type != JSON and not JSON_TYPE.fullmatch(content_type):
        raise UnsupportedMediaError("Send application/json in UTF-8")
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
        raise LengthRequired
    judge_length(environ, limit)
    if not any(proof in environ for proof in PROOFS):
        raise UnauthenticatedError(UNKNOWN)


def _body(environ: Environ, limit: int) -> bytes:
    """Return the bytes sent. Raises what `_judge_head` does, and MalformedError."""
    _judge_head(environ, limit)
    return read_body(environ)


def _named_site(body: bytes) -> str:
    """Look into an unsigned body, as little as can be: the caller did not say who it is.

    A bulk names its sites inside its events, and is too large to be read for a stranger.
    """
    return events.named_site(body) if 0 < len(body) <= events.BODY_LIMIT else ""


def _keys(environ: Environ, caller: Caller) -> events.Keys:
    """Return what marks a repeat of this request. Raises MalformedError.

    What is signed counts whatever stands beside it: else anybody could make a new event of a
    request by adding a header.
    """
    key: str | None = environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not KEY.fullmatch(key):
        raise MalformedError("Idempotency-Key is not 1 to 255 printable ASCII characters")
    if not caller.message_id:
        return key or "", ""
    return caller.message_id, f"{BESIDE}{key}" if key else ""


def _one(stored: Callable[[], list[Answer]]) -> Response:
    try:
        [answer] = stored()
    except ModeratorError as error:
        return problem_answer(error)
    except Exception:  # Flask has ended with this request already
        log.exception("event=intake_failed")
        return problem_answer(InternalServerError())
    if not isinstance(answer, Receipt):
        return problem_answer(answer)
    status = HTTPStatus.ACCEPTED if answer.is_new else HTTPStatus.OK
    return json_answer({"id": answer.id, "status": answer.status}, status)


def _result(index: int, answer: Answer | RequestError) -> dict[str, object]:
    if isinstance(answer, Receipt):
        status = HTTPStatus.ACCEPTED if answer.is_new else HTTPStatus.OK
        return {"index": index, "status": status, "id": answer.id, "state": answer.status}
    return {"index": index, "status": answer_of(answer).status, "problem": problem(answer)}
