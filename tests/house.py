"""The service on one database without its processes: each drain is called by hand."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from moderator.checks.source_link import SourceLink
from moderator.domain.check import LocalCheck, RemoteCheck, RemoteTools, TextJudge
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.events.arrival import Answer as IntakeAnswer
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.finding import Finding
from moderator.domain.linkback.reverification import RECHECKS
from moderator.domain.ports import NearIndex, NearMatch, SketchedText
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.text.model import shared_model
from moderator.platforms import platform_of
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_findings
from moderator.storage.base.times import to_ms
from moderator.storage.decisions.acts import ActRows
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.reverify import ReverificationRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.usecases.deliver import Deliver
from moderator.usecases.intake.accept import rules
from moderator.usecases.judge.ask_again import AskAgain
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.judge.local import CheckLocal
from moderator.usecases.judge.remote import CheckRemote
from moderator.usecases.learn.site_model import TrainSiteModel
from moderator.usecases.linkback.reverify import Reverify
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.together import DecideTogether
from tests.builders import NOON, a_site
from tests.fakes import FakeHints

BLOG = a_site(callback_url="https://blog.example.org/verdict", platform="wordpress")
MOD = Decider(DeciderKind.MODERATOR, "m1", "Maria")


@dataclass
class Blog:
    """A courier that keeps what it carried and answers as told."""

    answers: Callable[[int], CallbackAnswer] = lambda _number: CallbackAnswer(200)
    got: list[dict[str, object]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        self.ids.append(callback.id)
        self.got.append(json.loads(callback.body)["data"])
        return self.answers(len(self.got))

    async def rest(self) -> None:
        return None


# For checks that go nowhere.
NOWHERE = RemoteTools(None, None, None)  # type: ignore[arg-type]


class NearNobody:
    """A near index that finds nothing alike."""

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]] | None:
        return [()] * len(newcomers)


class House:
    """The service on one database, without its processes."""

    def __init__(
        self, database: Database, near: NearIndex | None = None, site: Site = BLOG
    ) -> None:
        self.near = near or NearNobody()
        self.is_across = True
        self.text_judge: TextJudge | None = None
        self.database = database
        self.hints = FakeHints()
        self.sites = SiteRows(database)
        self.sites.add(site, key_prefix="mod_x", key_digest="d", now=NOON)
        self.queue = Queue(database)
        self.store = JudgingRows(database)
        self.looks = ReverificationRows(database)
        tokens = count()
        self.new_token = lambda: f"token{next(tokens)}"

    def send(
        self, *submissions: Submission, event: Event = Event.CREATED, **more: object
    ) -> list[IntakeAnswer]:
        """Take events in, as the web would; `more` says what else an Arrival holds."""
        arrivals = [
            Arrival(event, s, f"{event}{s.text}{s.status}", **more)  # type: ignore[arg-type]  # named by the test
            for s in submissions
        ]
        return IntakeRows(self.database).add(arrivals, rules(self.sites))

    def check(self, *local: LocalCheck, remote: tuple[RemoteCheck, ...] = ()) -> int:
        check = CheckLocal(
            self.queue,
            self.store,
            ContextLoader(self.store, self.sites, self.near, self.text_judge, self.is_across),
            local,
            remote,
            platform_of,
            self.new_token,
            self.hints,
        )
        self._advance()
        return check()

    def reach(self, *remote: RemoteCheck, ways: RemoteTools = NOWHERE) -> int:
        self._advance()
        return asyncio.run(self.second_stage(*remote, ways=ways)())

    def second_stage(self, *remote: RemoteCheck, ways: RemoteTools) -> CheckRemote:
        args = (self.queue, self.store, self.sites, remote, ways, self.new_token, self.hints)
        return CheckRemote(*args, platform_of=platform_of)

    def ask_again(self, *remote: RemoteCheck, ways: RemoteTools) -> int:
        """Ask who was silent, as if its time had come."""
        self.hurry(Job.ASK_AGAIN)
        args = (self.queue, self.store, self.sites, remote, ways, self.new_token, self.hints)
        return asyncio.run(AskAgain(*args)())

    def reverify(self, ways: RemoteTools, schedule: tuple[int, ...] = RECHECKS) -> int:
        """Look at every source that has a look to come, as if its time had come."""
        self.hurry(Job.REVERIFY)
        args = (self.queue, self.looks, self.sites, SourceLink(), ways, platform_of)
        return asyncio.run(Reverify(*args, self.new_token, self.hints, schedule)())

    def deliver(self, blog: Blog, schedule: tuple[int, ...] = (0, 0)) -> int:
        """Until nothing is due, nor in a moment."""
        args = (self.queue, DeliveryRows(self.database), self.sites, blog)
        deliver = Deliver(*args, self.new_token, lambda: 0.0, schedule)
        tried = 0
        self._advance()
        while now_tried := asyncio.run(deliver()):
            tried += now_tried
            self._advance()
        return tried

    def _advance(self) -> None:
        """Make due what is so within a second: real clocks are set back by parts of one."""
        now = to_ms(self.queue.now())
        with self.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE queue SET due_at = due_at - 1000"  # noqa: S608  # a number of ours
                f" WHERE token IS NULL AND due_at BETWEEN {now + 1} AND {now + 1000}"
            )

    def status(self, id_: str) -> str:
        return self.store.stored_submissions([id_])[id_].status

    def found(self, id_: str, check: str) -> Finding:
        """What a check found for the latest decision on a submission."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT findings FROM decisions WHERE submission_id = '{id_}'"  # noqa: S608
                " ORDER BY sequence DESC LIMIT 1"
            ).all()
        return next(each for each in load_findings(rows[0][0]) if each.check == check)

    def moderation(self, grace: timedelta = timedelta(0)) -> Moderate:
        store = ModerationRows(self.database)
        return Moderate(store, self.sites, self.hints, platform_of, grace)

    def moderate(
        self,
        id_: str,
        verdict: Verdict,
        *,
        seen: int,
        version: int = 1,
        by: Decider = MOD,
        grace: timedelta = timedelta(0),
    ) -> bool:
        moderate, now = self.moderation(grace), self.queue.now()
        return moderate(id_, verdict, by, seen=SeenVersion(seen, version), now=now)

    def undo(
        self,
        id_: str,
        *,
        seen: int,
        version: int = 1,
        by: Decider = MOD,
        grace: timedelta = timedelta(0),
    ) -> None:
        seen_now = SeenVersion(seen, version)
        self.moderation(grace).undo(id_, by, seen=seen_now, now=self.queue.now())

    def together(self, grace: timedelta = timedelta(0)) -> DecideTogether:
        return DecideTogether(ActRows(self.database), self.moderation(grace))

    def learn(self) -> SiteModelRows:
        """Learn what is due; return the layers as they are then."""
        layers = SiteModelRows(self.database)
        model = shared_model()
        learn = TrainSiteModel(self.queue, self.store, layers, self.sites, model, self.new_token)
        while learn():
            pass
        return layers

    def hurry(self, *jobs: Job) -> None:
        """Make everything of these jobs due: the grace period is over."""
        with self.database.write() as connection:
            for job in jobs:
                sql = f"UPDATE queue SET due_at = 0 WHERE job = '{job}' AND token IS NULL"  # noqa: S608  # a name of ours
                connection.exec_driver_sql(sql)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with self.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql).all()]
