"""The Akismet endpoints and /v1/check over a real database, with a worker that works when it is
waited for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import TestResponse

from moderator import signing
from moderator.bootstrap.event_log import StandardLog
from moderator.checks import LOCAL
from moderator.checks.source_link import SourceLink
from moderator.domain.answering.trial import Trial
from moderator.domain.site import Site
from moderator.domain.verdict import Decision
from moderator.storage.answering.decided import AnswerRows
from moderator.storage.answering.tally import TallyRows
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.history.mentions import MentionRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.upkeep.metrics import MetricRows
from moderator.usecases.answering.ask import Ask
from moderator.usecases.answering.tally import Tally
from moderator.usecases.answering.try_out import TryOut
from moderator.usecases.answering.watch import MOST, Watch
from moderator.usecases.intake.accept import Accept
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.linkback.feed import ReadFeed
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.operate.metrics import ReadMetrics
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.run.counting import Counters
from moderator.usecases.services import Services
from moderator.web import create_app
from moderator.web.limits import RateLimit
from tests.builders import NOON, a_site
from tests.fakes import FakePulse
from tests.house import House

KEY = "abcdef123456"
TOKEN = "a-token-of-the-operator"
NEVER = 3_600.0  # seconds: counts are written when they are asked for
HOOK = "https://asked.example/wp-json/akismet/v1/webhook"
ASKED = a_site(id="asked", url="https://asked.example", hosts=frozenset({"asked.example"}))
USUAL = {
    "blog": "https://asked.example",
    "user_ip": "203.0.113.9",
    "user_agent": "Mozilla/5.0",
    "comment_type": "comment",
    "comment_author": "Jane Reader",
    "comment_content": "The part on proofing times cleared things up for me.",
    "permalink": "https://asked.example/sourdough",
}
TRAPPED = {"hidden_honeypot_field": "bot"}
HELD = {"hidden_honeypot_field": "Jane Reader"}  # as a browser fills it in by itself


@dataclass
class WorkerBell:
    """Works instead of waiting."""

    work: list[object] = field(default_factory=list)

    def wait(self, seconds: float) -> bool:
        for step in self.work:
            step()  # type: ignore[operator]  # each is a step
        return True

    def rest(self) -> None:
        return None


@dataclass
class TrialsInMemory:
    waiting: list[Trial] = field(default_factory=list)
    answers: dict[str, Decision] = field(default_factory=dict)
    is_down: bool = False

    def ask(self, trial: Trial) -> bool:
        if not self.is_down:
            self.waiting.append(trial)
        return not self.is_down

    def take(self, limit: int) -> list[Trial]:
        taken, self.waiting = self.waiting, []
        return taken

    def answer(self, answers: Sequence[tuple[Trial, Decision]]) -> None:
        self.answers |= {trial.id: decision for trial, decision in answers}

    def decided(self, ids: Collection[str]) -> dict[str, Decision]:
        return {id_: self.answers[id_] for id_ in ids if id_ in self.answers}


class Street:
    """`is_late` lets nobody wait, as if the workers were slow."""

    def __init__(self, database: Database, site: Site = ASKED, *, is_late: bool = False) -> None:
        self.house = House(database)
        self.house.sites.add(site, key_prefix="mod_a", key_digest=_digest(), now=NOON)
        self.house.sites.add_client_key(site.id, KEY, now=NOON, expires_at=NOON)
        self.trials = TrialsInMemory()
        self.limit = RateLimit()
        self.is_late = is_late
        self.now: datetime = self.house.queue.now()
        self._ids = count()
        self._app: Flask | None = None

    def app(self) -> Flask:
        if self._app is None:
            self._app = create_app(self.services(), limit=self.limit)
        return self._app

    def services(self) -> Services:
        database, hints, pulse = self.house.database, self.house.hints, FakePulse()
        accept = Accept(IntakeRows(database), self.house.sites, hints, 1_000)
        views, answers = SubmissionStatusRows(database), AnswerRows(database)
        bell = WorkerBell([lambda: self.house.check(*LOCAL), self._try_out()])
        most = 0 if self.is_late else MOST
        self.tally = Tally(TallyRows(database), StandardLog(), every=NEVER)
        ask = Ask(
            accept=accept,
            decisions=Watch(answers.decided, bell, StandardLog(), most=most),
            trying=Watch(self.trials.decided, bell, StandardLog(), most=most),
            trials=self.trials,
            late=answers,
            views=views,
            tally=self.tally,
            hints=hints,
        )
        return Services(
            accept=accept,
            sites=self.house.sites,
            show=ReadSubmission(views),
            ready=CheckReadiness(pulse, pulse),
            clock=lambda: self.now,
            entropy=lambda size: next(self._ids).to_bytes(size, "big"),
            metrics=ReadMetrics(Counters(), MetricRows(database), "1"),
            metrics_token=TOKEN,
            ask=ask,
            feed=ReadFeed(self.house.sites, MentionRows(database)),
        )

    def _try_out(self) -> TryOut:
        past = JudgingRows(self.house.database, is_trial=True)
        around = ContextLoader(past, self.house.sites, None, None, True)  # noqa: FBT003
        return TryOut(self.trials, around, LOCAL, SourceLink(), lambda: self.now, lambda: None)

    def post(self, path: str, host: str = "asked.test", **fields: str) -> TestResponse:
        """A form, with the site's key if it names none."""
        body = urlencode({"api_key": KEY} | fields)
        kind = "application/x-www-form-urlencoded"
        client = self.app().test_client()
        return client.post(path, data=body, content_type=kind, base_url=f"http://{host}")

    def check(self, **changes: str) -> TestResponse:
        return self.post("/1.1/comment-check", **(USUAL | changes))

    def report(self, word: str, **changes: str) -> TestResponse:
        return self.post(f"/1.1/submit-{word}", **(USUAL | changes))

    def statuses(self) -> list[tuple[object, ...]]:
        return self.house.rows(
            "SELECT status, decided_by FROM submissions WHERE site_id = 'asked' ORDER BY id"
        )


def _digest() -> str:
    return signing.key_digest("mod_asked")
