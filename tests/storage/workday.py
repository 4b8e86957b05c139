"""Everything that the service asks its database on a working day, over a long past."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import text

from moderator.checks.author_history import AuthorPast
from moderator.checks.campaign import InCampaign
from moderator.checks.duplicate import Duplicate
from moderator.checks.flood import Flood
from moderator.checks.host_reputation import HostReputation
from moderator.domain.decisions.delivery import Attempt, DeliveryState
from moderator.domain.decisions.moderation import SeenVersion
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.finding import Finding, Signal
from moderator.domain.history.reputation import HostRuling
from moderator.domain.linkback.reverification import Reverification as SourceLook
from moderator.domain.linkback.source_content import ReadSource
from moderator.domain.pages.dashboard import Tab
from moderator.domain.ports import Fate, LinkFate, NearMatch, SketchedText
from moderator.domain.queue import Job
from moderator.domain.submission import Author, Submission
from moderator.domain.text.languages import LATEST
from moderator.domain.timing.retention import Retention
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.learning.traces import StoredLesson
from moderator.platforms import platform_of
from moderator.storage.base.database import Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.fetching.fetch_quota import FetchQuotaRows
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.history.approved import ApprovedRows
from moderator.storage.history.received import HistoryRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.reverify import ReverificationRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.upkeep.health import HealthRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.probe import Probe
from moderator.storage.upkeep.purge import PurgeRows
from moderator.storage.upkeep.retention import RetentionRows
from moderator.usecases.intake.accept import rules
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.judge.local import CheckLocal
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.usecases.moderate.decide import Moderate
from tests.builders import NOON, a_pingback, a_submission
from tests.bulk import CALM, HOT, HOT_CAMPAIGN, HOT_HOST, HOT_SOURCE, HOT_TEXT, Past
from tests.fakes import FakeHints
from tests.stock import an_outcome, stock_campaign
from tests.storage.looking_after import look_after
from tests.storage.making_rules import make_rules
from tests.storage.pressing import press_keys
from tests.storage.sending_feedback import send_feedback
from tests.storage.signing_in import sign_in
from tests.storage.workday_asking import ask, read_feeds
from tests.storage.workday_polling import poll
from tests.storage.workday_watching import watch

LOCAL = (AuthorPast(), HostReputation(), Duplicate(), InCampaign(), Flood())
LEASE = timedelta(seconds=30)
LONG = " ".join(f"word{number}" for number in range(30))  # long enough to be told in other words
BATCH = 500
MARIA = Decider(DeciderKind.MODERATOR, "m1", "Maria")


@dataclass
class Near:
    """A near index that finds the same few old ones alike to everything."""

    past: Past

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]] | None:
        return [
            tuple((self.past.id(7 + 20 * n + m), 0.9) for m in range(3))
            for n, _ in enumerate(newcomers)
        ]


class Workday:
    def __init__(self, database: Database, past: Past, name: str) -> None:
        self.database, self.past, self.name = database, past, name
        self.queue, self.store = Queue(database), JudgingRows(database)
        self.tokens = iter(range(10**9))
        self.now = NOON

    def token(self) -> str:
        return f"{self.name}-{next(self.tokens)}"

    def comment(self, number: int, **changes: object) -> Submission:
        at = NOON + timedelta(seconds=number)
        given: dict[str, object] = {
            "id": f"ffff{self.name}{number:020d}",
            "platform_id": f"{self.name}-{number}",
            "created_at": at,
            "received_at": at,
            "author": HOT if number % 2 else Author(name=f"Somebody {number}"),
        }
        content = HOT_TEXT if number % 3 else f"Nothing like number {number} at all {LONG}"
        content += f" https://{HOT_HOST}/ https://host-{number}.test/"
        return a_submission(content, **(given | changes))

    def old(self, number: int, **changes: object) -> Submission:
        given: dict[str, object] = {"id": self.past.id(number), "platform_id": f"old-{number}"}
        return self.comment(number, **(given | changes))

    def send(self, event: Event, *submissions: Submission) -> None:
        rows = IntakeRows(self.database)
        rows.waiting()
        for key in ("one", "one", "two"):  # every platform repeats, under the same key or another
            arrivals = [
                Arrival(
                    event,
                    replace(s, id=f"{s.id}{key}"),
                    s.text,
                    f"{key}-{event}-{s.id}",
                    rechecks=True,
                )
                for s in submissions
            ]
            rows.add(arrivals, rules(SiteRows(self.database)))

    def receive(self) -> None:
        fresh = [self.comment(number) for number in range(39)]
        ping = replace(a_pingback(HOT_SOURCE, HOT_TEXT), id=self.comment(39).id)
        fresh.append(replace(ping, platform_id=self.comment(39).platform_id))
        self.send(Event.CREATED, *fresh)
        self.send(Event.CREATED, self.comment(40))
        self.send(Event.UPDATED, self.old(20), self.old(23), self.comment(41))
        self.send(Event.REPORTED, self.old(30), self.old(33))
        self.send(Event.STATUS_CHANGED, self.old(43, status="spam"), self.old(45, status="hold"))
        self.send(Event.DELETED, self.old(53), self.old(55), self.old(54))
        SubmissionStatusRows(self.database).find("blog", f"{fresh[0].id}one")
        with self.database.write() as connection:  # they shall not wait for all that waits
            connection.execute(
                text("UPDATE queue SET due_at = 0 WHERE subject_id LIKE :ours"),
                {"ours": f"ffff{self.name}%"},
            )

    def judge(self) -> None:
        surroundings = ContextLoader(self.store, SiteRows(self.database), Near(self.past))
        for _ in range(4):  # fresh ones, tried ones, other sites than the crowded one
            args = (self.queue, self.store, surroundings, LOCAL, (), platform_of, self.token)
            CheckLocal(*args, FakeHints())()
        self.store.approved("blog", LATEST)
        for _ in range(2):  # another worker had the same thought
            stock_campaign(
                self.database,
                *(
                    replace(self.comment(number), id=f"{self.comment(number).id}one")
                    for number in (1, 5, 7)
                ), is_fresh=False,
            )  # fmt: skip

    def reach(self) -> None:
        token = self.token()
        tickets = self.queue.claim(Job.CHECK_LOCAL, 20, token=token, lease=LEASE)
        lane = [(ticket, (), "lane-7") for ticket in tickets[1:]]
        self.queue.release(tickets[0], self.now)
        self.store.finish([], lane, [("x", "blog")])
        reached = self.queue.claim(
            Job.CHECK_REMOTE, 20, token=token, lease=LEASE, without_sites=["a", "b"]
        )
        self.queue.postpone(reached[0], self.now)
        self.store.store_source_content([(reached[1], ReadSource(self.comment(1), (), 1))])
        with self.database.write() as connection:
            self.queue.due_again(connection, reached[2:4])
        self.queue.hand_back(reached[4:])

    def deliver(self) -> None:
        rows = DeliveryRows(self.database)
        tickets = self.queue.claim(Job.DELIVER, BATCH, token=self.token(), lease=LEASE)
        rows.load(ticket.subject_id for ticket in tickets)
        done = Attempt(DeliveryState.DELIVERED, 200, "")
        again = replace(done, state=DeliveryState.WAITING, retry_at=self.now)
        attempts = [(ticket, done if n % 5 else again) for n, ticket in enumerate(tickets)]
        rows.finish(attempts, self.now)

    def look_again(self) -> None:
        rows = ReverificationRows(self.database)
        tickets = self.queue.claim(Job.REVERIFY, 20, token=self.token(), lease=LEASE)
        stored_submissions = rows.stored_submissions(ticket.subject_id for ticket in tickets)
        looks = [
            (ticket, self._look(n, stored_submissions[ticket.subject_id][0].submission))
            for n, ticket in enumerate(tickets)
            if ticket.subject_id in stored_submissions
        ]
        rows.finish(looks)

    def _look(self, number: int, known: Submission) -> SourceLook:
        finding = Finding("source_link", Signal.NEUTRAL, "It links here")
        if number % 3 == 0:
            return SourceLook(next_at=self.now)
        if number % 3 == 1:
            return SourceLook(submission=known, judged_with=(finding,), sequence=1)
        return SourceLook(decision_write=an_outcome(known, (finding,), sequence=2), sequence=1)

    def moderate(self) -> None:
        sites = SiteRows(self.database)
        moderate = Moderate(
            ModerationRows(self.database), sites, FakeHints(), platform_of, timedelta(0)
        )
        for number in (61, 65, 73):
            id_ = self.past.id(number)
            stored = self.store.stored_submissions([id_])[id_]
            seen = SeenVersion(stored.sequence, stored.content_version)
            verdict = Verdict.APPROVE if stored.status == "spam" else Verdict.SPAM
            moderate(id_, verdict, MARIA, seen=seen, now=self.now)
            moderate.undo(id_, MARIA, seen=replace(seen, sequence=seen.sequence + 1), now=self.now)

    def learn(self) -> None:
        layers = SiteModelRows(self.database)
        tickets = self.queue.claim(Job.TRAIN_SITE_MODEL, 50, token=self.token(), lease=LEASE)
        self.store.stored_submissions(ticket.subject_id for ticket in tickets)
        layer, version = layers.load("blog")
        layers.lessons([ticket.subject_id for ticket in tickets])
        list(layers.every_lesson("blog"))
        layers.outdated("another", "")
        lessons = {
            ticket.subject_id: StoredLesson("text", is_spam=True, trace=b"trace", is_alone=True)
            for ticket in tickets
        }
        rulings = [
            HostRuling(t.subject_id, (HOT_HOST, "new.example"), is_spam=True) for t in tickets
        ]
        layers.save(tickets, {"blog": (layer, version)}, rulings, lessons)
        layers.get("blog")

    def remember(self) -> None:
        rows = LinkCacheRows(self.database)
        urls = [f"https://host-{number}.test/" for number in range(60)]
        rows.recall(urls, self.now)
        rows.remember([LinkFate(url, Fate.OK, checked_at=self.now) for url in urls], self.now)
        accounts = FetchQuotaRows(self.database)
        accounts.take({"a": 1, "host-7.test": 5})
        accounts.note("relay", 60)
        accounts.noted("relay")

    def sweep(self) -> None:
        self.queue.oldest_due()
        HeartbeatRows(self.database).beat("sweeper", "here")
        watch(self.database)
        PurgeRows(self.database).purge()
        self.retain()
        self.store.received_after(self.past.id(1_000), 500)

    def retain(self) -> None:
        RetentionRows(self.database, SiteRows(self.database).all, Retention()).apply()

    def look(self) -> None:
        look = DashboardReads(DashboardRows(self.database))
        for scope in (None, ("blog",), ("blog", "site-1")):
            look.around(scope, now=NOON)
            for shelf in Tab:
                page = look.tab(scope, shelf)
                look.tab(scope, shelf, before=page.older)
            look.log(scope, before=look.log(scope).older)
            look.campaign(scope, HOT_CAMPAIGN)
        look.around((CALM,), now=NOON)
        few = replace(look, store=DashboardRows(self.database, window=5))
        few.tab(None, Tab.HELD)
        for number in (3, 5, 13, 15):
            look.submission(None, self.past.id(number))
            look.submission(("blog",), self.past.id(number))
        views = SubmissionStatusRows(self.database)
        views.find("blog", self.past.id(3))
        views.find_by_platform_id("blog", "old-5")
        next(ApprovedRows(self.database).approved("blog", 100))

    def examine(self) -> None:
        HealthRows(self.database).health_report()
        HeartbeatRows(self.database).seen_at()
        Probe(self.database).check()
        for site_id in ("blog", CALM):
            HistoryRows(self.database).page(site_id, self.past.id(20), 100)
            HistoryRows(self.database).newest(site_id, self.past.id(20), 100)

    def all(self) -> None:
        for part in (
            self.receive, self.judge, self.reach, self.deliver, self.look_again, self.moderate,
            self.learn, self.remember, self.sweep, self.look,
            self.examine,
        ):  # fmt: skip
            part()
        ask(self.database, [self.past.id(number) for number in range(8)], self.name)
        read_feeds(self.database)
        press_keys(self.database, self.past, self.name)
        send_feedback(self.database, self.name)
        poll(self.database, self.past, self.name)
        sign_in(self.database, self.name)
        look_after(self.database, self.past, self.name)
        make_rules(self.database, self.name, self.past.id(self.past.count * 9 // 10))
