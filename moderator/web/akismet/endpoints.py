"""The Akismet endpoints: what their clients ask and report, answered in their protocol.

In this order: the length, the key, what must be there, the rate, what the protocol itself answers.
A call that has a key of ours is always answered with 200, whatever is the matter with us.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from math import inf

from flask import Flask, Response, request

from moderator.domain.answering.replies import HAM, SPAM, Reply, guid_key, reply
from moderator.domain.content.fingerprint import digest
from moderator.domain.errors import ModeratorError, StorageUnavailableError, TooManyRequestsError
from moderator.domain.events.arrival import Answer as Stored
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.ids import new_id
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.site import KeyHolder, Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision
from moderator.intake.akismet import comment as akismet
from moderator.intake.akismet.form import BODY_LIMIT, FORM_LIMIT, Form, read_form
from moderator.intake.webhook.reader import EventOrigin
from moderator.usecases.answering.ask import Ask
from moderator.usecases.intake.credentials import by_client_key
from moderator.usecases.services import Services
from moderator.web.akismet.answers import (
    AWAY,
    LIMITED,
    SUSPENDED,
    THANKS,
    invalid,
    missing,
    text_answer,
    trouble,
    verdict,
)
from moderator.web.answers import LateAnswer
from moderator.web.bodies import body_within
from moderator.web.limits import RateLimit
from moderator.web.public_address import ASKED_HOST
from moderator.web.server.call import Answer
from moderator.web.server.later import Later, Waiting, as_response

log = logging.getLogger(__name__)

CHECK = "/1.1/comment-check"
REPORTS = {"/1.1/submit-spam": "spam", "/1.1/submit-ham": "approved"}
# Seconds: clients give up after one. What is not decided by then is a hold, which is noted.
PATIENCE, PROMISED = 0.7, 0.9
UNKNOWN_KEY = "This key is not known here"
NO_KEY = "Send a key as api_key, as key, or as the first label of the host"


class AkismetEndpoints:
    def __init__(self, services: Services, ask: Ask, limit: RateLimit) -> None:
        self._services = services
        self._ask = ask
        self._limit = limit

    def check(self) -> Response:
        """POST /1.1/comment-check."""
        form, holder, refused = self.enter(BODY_LIMIT)
        if holder is None:
            return as_response(refused)
        guid, site = self._new_id(), holder.site
        if field := akismet.missing(form):
            return as_response(missing(field))
        if code := self._closed(holder):
            return as_response(trouble(code, guid))
        if akismet.is_precheck(form):  # the check that counts follows
            return as_response(verdict(Reply(HAM), guid))
        known = akismet.known_answer(form)
        if known is not None:
            return as_response(self._told(Reply(SPAM if known else HAM), guid, site, form))
        return self._judged(form, site, guid)

    def _closed(self, holder: KeyHolder) -> int:
        """Why there is no verdict for this key now, 0 for no reason."""
        if holder.is_suspended:
            return SUSPENDED
        try:
            self._limit.take(holder.site.id, self._services.clock())
        except TooManyRequestsError:
            return LIMITED
        return 0

    def report(self, status: str) -> Response:
        """POST /1.1/submit-spam and /1.1/submit-ham: a person decided."""
        form, holder, refused = self.enter(BODY_LIMIT)
        if holder is None:
            return as_response(refused)
        if field := akismet.missing(form):
            return as_response(missing(field))
        if holder.is_suspended or akismet.is_test(form):
            return as_response(text_answer(THANKS))
        site, now = holder.site, self._services.clock()
        said = akismet.submission(form, self._origin(site, now), status=status)
        arrival = Arrival(Event.STATUS_CHANGED, said, digest(f"{said.platform_id} {status}"))
        before = self._ask.report(arrival, now)
        self._ask.tally.count(
            site.id, akismet.blog_host(form), now, "api_calls", *_corrected(before, status)
        )
        return as_response(text_answer(THANKS))

    def verify(self) -> Response:
        """POST /1.1/verify-key."""
        form, holder, refused = self.enter(FORM_LIMIT, akismet.TO_VERIFY)
        if holder is None:
            return as_response(refused)
        if holder.is_suspended:
            return as_response(invalid("This key was suspended"))
        if not form.get("blog"):
            return as_response(invalid("Missing required field: blog."))
        return as_response(text_answer("valid"))

    def enter(
        self, limit: int, names: Sequence[str] = akismet.WHO_ASKS
    ) -> tuple[Form, KeyHolder | None, Answer]:
        """Read the form and find out whose key it brings; the answer is for who has none.

        Raises MalformedError, TooLargeError, UnsupportedMediaError.
        """
        if request.method == "GET":
            form = Form(tuple(request.args.items(multi=True)))
        else:
            form = read_form(body_within(limit), request.headers.get("Content-Type", ""))
            if request.query_string and not (form.get("api_key") or form.get("key")):
                form = Form((*form.fields, *request.args.items(multi=True)))
        key = akismet.key_of(form, request.environ.get(ASKED_HOST, request.host), names)
        holder = by_client_key(self._services.sites, key, now=self._services.clock())
        is_shaped = akismet.KEY.fullmatch(key) is not None
        return form, holder, invalid(UNKNOWN_KEY if is_shaped else NO_KEY)

    def _judged(self, form: Form, site: Site, guid: str) -> Response:
        now = self._services.clock()
        url = akismet.callback_of(form, site.hosts)
        said = akismet.submission(form, self._origin(site, now), answer_url=url)
        can_wait = bool(url) and not akismet.is_final(form) and not site.policy.observes
        answer = partial(self._answer, form=form, site=site, guid=guid, can_wait=can_wait)
        if akismet.is_test(form):
            return self._tried(said, answer)
        key = guid_key(guid) if url else ""
        try:
            begun = self._ask.begin(Arrival(Event.CREATED, said, digest(guid), key=key), now)
        except ModeratorError as error:
            return _in_vain(error, guid)
        return LateAnswer(partial(self._stored, begun, answer, guid, can_wait=can_wait))

    def _tried(self, said: Submission, answer: Callable[[Decision | None], Answer]) -> Response:
        if not self._ask.try_out(said):
            return as_response(answer(None))
        watch = partial(self._ask.watch_trial, said.id)
        return Waiting(Later(watch, PATIENCE, answer, partial(answer, None)))

    def _stored(
        self,
        begun: Callable[[], Stored],
        answer: Callable[[Decision | None], Answer],
        guid: str,
        *,
        can_wait: bool,
    ) -> Response:
        try:
            receipt = begun()
        except ModeratorError as error:
            return _in_vain(error, guid)
        if not isinstance(receipt, Receipt):
            return _in_vain(receipt, guid)

        def undecided() -> Answer:
            try:
                decision = self._ask.give_up(receipt.id) if can_wait else None
            except StorageUnavailableError:
                return trouble(AWAY, guid)
            return answer(decision)

        watch = partial(self._ask.watch, receipt.id)
        return Waiting(Later(watch, PATIENCE, answer, undecided))

    def _answer(
        self, decision: Decision | None, *, form: Form, site: Site, guid: str, can_wait: bool
    ) -> Answer:
        plain_at = inf if site.policy.observes else site.policy.plain_at
        told = reply(decision, plain_at=plain_at, can_wait=can_wait)
        return self._told(told, guid, site, form, decision)

    def _told(
        self, told: Reply, guid: str, site: Site, form: Form, decision: Decision | None = None
    ) -> Answer:
        if not akismet.is_test(form):
            said = [] if told.is_held else ["spam" if told.body == SPAM else "ham"]
            blog = akismet.blog_host(form)
            self._ask.tally.count(site.id, blog, self._services.clock(), "api_calls", *said)
        return verdict(told, guid, decision)

    def _origin(self, site: Site, now: datetime) -> EventOrigin:
        return EventOrigin(site.id, now, self._new_id)

    def _new_id(self) -> str:
        return new_id(self._services.clock(), self._services.entropy(10))


def _in_vain(error: ModeratorError, guid: str) -> Response:
    log.warning("event=asked_in_vain error=%s", error)
    return as_response(trouble(AWAY, guid))


def _corrected(before: SubmissionStatus | None, status: str) -> tuple[str, ...]:
    """What a report says about our own word; nothing where people had decided already."""
    if before is None or not before.decisions:
        return ()
    latest = before.decisions[-1].decision
    if latest.decided_by.kind.is_person:
        return ()
    told = latest.verdict.status
    if status == "spam" and told == "approved":
        return ("missed_spam",)
    return ("false_positives",) if status == "approved" and told in ("spam", "trash") else ()


def register(app: Flask, endpoints: AkismetEndpoints) -> None:
    routes = [("/1.1/verify-key", endpoints.verify), (CHECK, endpoints.check)]
    routes += [(path, partial(endpoints.report, status)) for path, status in REPORTS.items()]
    for path, view in routes:
        name = f"akismet{path.replace('.', '_')}"
        app.add_url_rule(path, name, view, methods=["POST"], provide_automatic_options=False)
