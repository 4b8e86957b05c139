"""The JSON interface of blogspam.net (API 2.0): SPAM, OK, or ERROR where there is no verdict.

Its clients name no key but in the address that they ask, and let through what is not called spam.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from http import HTTPStatus

import msgspec
from flask import Flask, Response

from moderator.domain.answering.replies import SPAM, reply
from moderator.domain.answering.tally import added
from moderator.domain.check import LocalCheck, RemoteCheck
from moderator.domain.content.fingerprint import digest
from moderator.domain.errors import InvalidError, ModeratorError, RequestError
from moderator.domain.events.arrival import Answer as Stored
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.ids import new_id
from moderator.domain.site import Site
from moderator.domain.verdict import Decision
from moderator.intake import blogspam
from moderator.intake.akismet import comment as akismet
from moderator.intake.webhook.reader import EventOrigin
from moderator.usecases.answering.ask import Ask
from moderator.usecases.intake.credentials import by_client_key
from moderator.usecases.services import Services
from moderator.web.answers import API_HEADERS, JSON, LateAnswer, json_answer
from moderator.web.bodies import body_within
from moderator.web.limits import RateLimit
from moderator.web.server.call import Answer
from moderator.web.server.later import Later, Waiting, as_response

PATH = "/blogspam/<key>"
VERSION = "2.0"
PATIENCE = 0.7  # seconds
UNKNOWN, SUSPENDED = "This key is not known here", "This key was suspended"
OPTIONS = "The options say so"
LATE = "There is no verdict yet"
SHOWN = 200  # characters of a reason: some clients show it to the visitor
MARKUP = str.maketrans("", "", "<>&\"'")

_encoder = msgspec.json.Encoder()


class BlogSpam:
    def __init__(self, services: Services, ask: Ask, limit: RateLimit) -> None:
        self._services = services
        self._ask = ask
        self._limit = limit

    def test(self, key: str) -> Response:
        """POST /blogspam/<key>/: is it spam?"""
        try:
            site = self._site(key)
            asked = blogspam.read(body_within(blogspam.BODY_LIMIT), site.url)
            if forced := asked.forced():
                return as_response(_answer(forced.upper(), OPTIONS if forced == "spam" else ""))
            said = akismet.submission(asked.form, self._origin(site))
            arrival = Arrival(Event.CREATED, said, digest(said.id))
            begun = self._ask.begin(arrival, self._now())
        except ModeratorError as error:
            return as_response(_answer("ERROR", _words(error)))
        told = partial(self._told, site=site, blog=akismet.blog_host(asked.form))
        return LateAnswer(partial(self._stored, begun, told))

    def classify(self, key: str) -> Response:
        """POST /blogspam/<key>/classify: a person decided."""
        try:
            site = self._site(key)
            asked = blogspam.read(body_within(blogspam.BODY_LIMIT), site.url)
            if not asked.trained:
                raise InvalidError("train is spam or ok")
            status = asked.trained
            said = akismet.submission(asked.form, self._origin(site), status=status)
            arrival = Arrival(Event.STATUS_CHANGED, said, digest(f"{said.platform_id} {status}"))
            self._ask.report(arrival, self._now())
        except ModeratorError as error:
            return as_response(_answer("ERROR", _words(error)))
        return as_response(_answer("OK"))

    def stats(self, key: str) -> Response:
        """POST /blogspam/<key>/stats: what was told, in words as they were."""
        try:
            site = self._site(key)
        except RequestError as error:
            return as_response(_answer("ERROR", _words(error)))
        total = added(self._ask.tally.lines(site.id))
        return json_answer({"spam": str(total.spam), "ok": str(total.ham)}, HTTPStatus.OK)

    def plugins(self, key: str) -> Response:
        """GET /blogspam/<key>/plugins: our checks."""
        try:
            self._site(key)
        except RequestError as error:
            return as_response(_answer("ERROR", _words(error)))
        return json_answer(_plugins(), HTTPStatus.OK)

    def _site(self, key: str) -> Site:
        """Raises InvalidError, TooManyRequestsError."""
        holder = by_client_key(self._services.sites, key.strip().lower(), now=self._now())
        if holder is None:
            raise InvalidError(UNKNOWN)
        if holder.is_suspended:
            raise InvalidError(SUSPENDED)
        self._limit.take(holder.site.id, self._now())
        return holder.site

    def _stored(
        self, begun: Callable[[], Stored], told: Callable[[Decision | None], Answer]
    ) -> Response:
        try:
            receipt = begun()
        except ModeratorError as error:
            return as_response(_answer("ERROR", _words(error)))
        if not isinstance(receipt, Receipt):
            return as_response(_answer("ERROR", _words(receipt)))
        watch = partial(self._ask.watch, receipt.id)
        return Waiting(Later(watch, PATIENCE, told, partial(told, None)))

    def _told(self, decision: Decision | None, *, site: Site, blog: str) -> Answer:
        if decision is None:
            self._ask.tally.count(site.id, blog, self._now(), "api_calls")
            return _answer("ERROR", LATE)
        is_spam = reply(decision, plain_at=site.policy.plain_at, can_wait=False).body == SPAM
        said = "spam" if is_spam else "ham"
        self._ask.tally.count(site.id, blog, self._now(), "api_calls", said)
        if not is_spam:
            return _answer("OK")
        first = max(decision.reasons, key=lambda reason: reason.contribution, default=None)
        blocker, reason = (first.code, first.text) if first else ("policy", "It adds up")
        return _answer("SPAM", reason, blocker)

    def _origin(self, site: Site) -> EventOrigin:
        return EventOrigin(site.id, self._now(), self._new_id)

    def _new_id(self) -> str:
        return new_id(self._now(), self._services.entropy(10))

    def _now(self) -> datetime:
        return self._services.clock()


def _answer(result: str, reason: str = "", blocker: str = "") -> Answer:
    told = {"result": result, "version": VERSION}
    if reason:
        told["reason"] = reason.translate(MARKUP)[:SHOWN]
    if blocker:
        told["blocker"] = blocker
    body = _encoder.encode(told)
    lines = [("Content-Type", JSON), *API_HEADERS, ("Content-Length", str(len(body)))]
    return Answer(HTTPStatus.OK, lines, body)


def _words(error: ModeratorError) -> str:
    fields = error.fields if isinstance(error, InvalidError) else ()
    return "; ".join([str(error), *(f"{each.pointer}: {each.detail}" for each in fields)])


@cache
def _plugins() -> Mapping[str, Mapping[str, str]]:
    """Each check by its name; they are imported with all their lists when somebody first asks."""
    from moderator.checks import LOCAL, REMOTE  # noqa: PLC0415

    checks: tuple[LocalCheck | RemoteCheck, ...] = (*LOCAL, *REMOTE)
    return {each.name: {"author": "moderator", "description": _said_of(each)} for each in checks}


def _said_of(check: object) -> str:
    module = sys.modules[type(check).__module__]
    return (module.__doc__ or "").partition("\n")[0]


def register(app: Flask, endpoints: BlogSpam) -> None:
    for path, view, method in (
        ("", endpoints.test, "POST"),
        ("/classify", endpoints.classify, "POST"),
        ("/stats", endpoints.stats, "POST"),
        ("/plugins", endpoints.plugins, "GET"),
    ):
        name = f"blogspam{path.replace('/', '_')}"
        for end in ("", "/"):
            app.add_url_rule(
                f"{PATH}{path}{end}",
                f"{name}{'_' if end else ''}",
                view,
                methods=[method],
                provide_automatic_options=False,
            )
