"""POST /v1/check: one event as at /v1/submissions, answered with its verdict if that is soon."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import msgspec
from flask import Flask, Response, request

from moderator.domain.errors import FieldError, InvalidError, ModeratorError
from moderator.domain.events.arrival import Answer as Stored
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.verdict import ERASED, Decision, Verdict
from moderator.usecases.answering.ask import Ask
from moderator.web.answers import API_HEADERS, JSON, LateAnswer
from moderator.web.errors import problem_answer
from moderator.web.server.call import Answer
from moderator.web.server.later import Later, Waiting, as_response, wished_seconds
from moderator.web.webhook import Webhook

PATH = "/v1/check"
USUAL = 1_000  # milliseconds
YES_NO = {"": False, "false": False, "0": False, "true": True, "1": True}
ASKED = frozenset({Event.CREATED, Event.UPDATED})

_encoder = msgspec.json.Encoder()


class Check:
    def __init__(self, webhook: Webhook, ask: Ask) -> None:
        self._webhook = webhook
        self._ask = ask

    def one(self) -> Response:
        """POST /v1/check?wait_ms=…&dry=…."""
        seconds, is_dry = _wished()
        arrival, now = self._webhook.read()
        if arrival.event not in ASKED:
            wrong = FieldError("/type", f"Not one of: {', '.join(sorted(ASKED))}")
            raise InvalidError("Only what is new can be asked about", (wrong,))
        if is_dry:
            return self._tried(arrival, seconds)
        begun = self._ask.accept.begin([arrival], now)
        return LateAnswer(partial(self._stored, begun, seconds))

    def _tried(self, arrival: Arrival, seconds: float) -> Response:
        said = arrival.submission
        undecided = partial(_undecided, "")
        if not self._ask.try_out(said):
            return as_response(undecided())
        watch = partial(self._ask.watch_trial, said.id)
        return Waiting(Later(watch, seconds, partial(_decided, ""), undecided))

    def _stored(self, begun: Callable[[], list[Stored]], seconds: float) -> Response:
        try:
            [receipt] = begun()
        except ModeratorError as error:
            return problem_answer(error)
        if not isinstance(receipt, Receipt):
            return problem_answer(receipt)
        if receipt.status == ERASED:
            return as_response(_answer({"id": receipt.id, "status": ERASED, "final": True}))
        watch = partial(self._ask.watch, receipt.id)
        decided, undecided = partial(_decided, receipt.id), partial(_undecided, receipt.id)
        return Waiting(Later(watch, seconds, decided, undecided))


def _decided(id_: str, decision: Decision) -> Answer:
    return _answer(
        {
            **_named(id_),
            "status": decision.verdict.status,
            "final": decision.verdict is not Verdict.HOLD,
            "decided_by": decision.decided_by,
            "reasons": decision.reasons,
            "score": decision.score,
            "thresholds": {"hold": decision.hold_at, "spam": decision.spam_at},
            "policy_version": decision.policy_version,
        }
    )


def _undecided(id_: str) -> Answer:
    """Not yet: the callback tells, if it was stored."""
    return _answer({**_named(id_), "status": Verdict.HOLD.status, "final": False})


def _named(id_: str) -> dict[str, object]:
    return {"id": id_} if id_ else {"dry": True}


def _answer(told: dict[str, object]) -> Answer:
    body = _encoder.encode(told)
    lines = [("Content-Type", JSON), *API_HEADERS, ("Content-Length", str(len(body)))]
    return Answer(HTTPStatus.OK, lines, body)


def register(app: Flask, check: Check) -> None:
    app.add_url_rule(PATH, "check", check.one, methods=["POST"], provide_automatic_options=False)


def _wished() -> tuple[float, bool]:
    """Seconds to wait, and whether nothing is to be stored. Raises InvalidError."""
    seconds, dry = wished_seconds(USUAL), request.args.get("dry", "").lower()
    if dry not in YES_NO:
        wrong = FieldError("/dry", "Not true or false")
        raise InvalidError("The query is not valid", (wrong,))
    return seconds, YES_NO[dry]
