"""What platforms tell us in their own words: proven, read, stored, and answered as they expect.

In this order: the platform, the length, the credential, the rate, the body. Who waits for a verdict
(Coral) is answered with it in its own words; all others as at /v1/submissions.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

import msgspec
from flask import Flask, Response, request

from moderator.domain.errors import (
    ForbiddenError,
    InvalidError,
    ModeratorError,
    NotFoundError,
    UnauthenticatedError,
)
from moderator.domain.events.arrival import Answer as Stored
from moderator.domain.events.arrival import Arrival, Receipt
from moderator.domain.ids import new_id
from moderator.domain.verdict import Decision
from moderator.intake.webhook import events, strict_json
from moderator.intake.webhook.reader import EventOrigin
from moderator.platforms import INBOUND
from moderator.platforms.mapping import Asking, Inbound, Json, native_pointers, to_event
from moderator.signing import body_id
from moderator.usecases.answering.ask import Ask
from moderator.usecases.intake.credentials import Caller, Signed, by_client_key, by_key, by_profile
from moderator.usecases.services import Services
from moderator.web.answers import API_HEADERS, JSON, LateAnswer, json_answer
from moderator.web.bodies import body_within, sent_headers
from moderator.web.errors import problem_answer
from moderator.web.limits import RateLimit
from moderator.web.server.call import Answer
from moderator.web.server.later import Later, Waiting, wished_seconds

PATH = "/platforms/<name>/<site_id>"
UNKNOWN = (
    "Send what the site's signature profile asks for, a bearer key, or its Akismet key as ?key="
)
BY_NAME: dict[str, Inbound] = {platform.name: platform for platform in INBOUND}

_encoder = msgspec.json.Encoder()


class PlatformWebhooks:
    def __init__(self, services: Services, ask: Ask, limit: RateLimit) -> None:
        self._services = services
        self._ask = ask
        self._limit = limit

    def receive(self, name: str, site_id: str) -> Response:
        """POST /platforms/<name>/<site_id>."""
        platform = BY_NAME.get(name)
        if platform is None:
            raise NotFoundError(f"Not one of: {', '.join(BY_NAME)}")
        body = body_within(events.BODY_LIMIT)
        caller, now = self._caller(site_id, body), self._services.clock()
        self._limit.take(caller.site.id, now)
        message = strict_json.parse(body)
        asking = platform if isinstance(platform, Asking) else None
        seconds = wished_seconds(asking.wait_ms) if asking else 0.0
        if asking and isinstance(message, dict) and asking.is_empty(message):
            return Response(status=HTTPStatus.NO_CONTENT)
        arrival = self._arrival(platform, message, caller, body)
        begun = self._ask.accept.begin([arrival], now)
        if asking is None:
            return LateAnswer(partial(_told, begun))
        return LateAnswer(partial(self._waited, begun, asking, seconds))

    def _caller(self, site_id: str, body: bytes) -> Caller:
        """Raises UnauthenticatedError, ForbiddenError."""
        sites, now = self._services.sites, self._services.clock()
        authorization, key = request.headers.get("Authorization"), request.args.get("key", "")
        if authorization is not None:
            caller = by_key(sites, authorization, now=now)
        elif key:
            holder = by_client_key(sites, key.strip().lower(), now=now)
            if holder is None:
                raise UnauthenticatedError("This key is not known here")
            if holder.is_suspended:
                raise ForbiddenError("This key was suspended")
            caller = Caller(holder.site)
        else:
            sent = Signed(sent_headers(), body, events.secret_in(body))
            return by_profile(sites, site_id, sent, now=now)
        if caller.site.id != site_id:
            raise ForbiddenError("This key belongs to another site")
        return caller

    def _arrival(self, platform: Inbound, message: object, caller: Caller, body: bytes) -> Arrival:
        """Raises a RequestError, which names the fields as the platform does."""
        now, entropy = self._services.clock(), self._services.entropy
        origin = EventOrigin(caller.site.id, now, lambda: new_id(now, entropy(10)))
        event = to_event(platform, message, caller.site, now)
        keys = (caller.message_id or body_id(body), "")
        try:
            arrival = events.arrival(event, origin, keys=keys)
        except InvalidError as error:
            raise native_pointers(platform, error) from error
        said = replace(arrival.submission, by_door=platform.forwards)
        return replace(arrival, submission=said)

    def _waited(
        self, begun: Callable[[], list[Stored]], asking: Asking, seconds: float
    ) -> Response:
        try:
            [receipt] = begun()
        except ModeratorError as error:
            return problem_answer(error)
        if not isinstance(receipt, Receipt):
            return problem_answer(receipt)

        def decided(decision: Decision) -> Answer:
            return _answer(asking.answer(decision.verdict))

        def undecided() -> Answer:
            return _answer(asking.answer(None))

        watch = partial(self._ask.watch, receipt.id)
        return Waiting(Later(watch, seconds, decided, undecided))


def _told(begun: Callable[[], list[Stored]]) -> Response:
    try:
        [receipt] = begun()
    except ModeratorError as error:
        return problem_answer(error)
    if not isinstance(receipt, Receipt):
        return problem_answer(receipt)
    status = HTTPStatus.ACCEPTED if receipt.is_new else HTTPStatus.OK
    return json_answer({"id": receipt.id, "status": receipt.status}, status)


def _answer(told: Json) -> Answer:
    body = _encoder.encode(told)
    lines = [("Content-Type", JSON), *API_HEADERS, ("Content-Length", str(len(body)))]
    return Answer(HTTPStatus.OK, lines, body)


def register(app: Flask, webhooks: PlatformWebhooks) -> None:
    app.add_url_rule(
        PATH, "platform", webhooks.receive, methods=["POST"], provide_automatic_options=False
    )
