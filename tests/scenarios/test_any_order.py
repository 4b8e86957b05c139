"""Events, people, workers and callbacks in any order, against a little model of docs/events.md."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from moderator.domain.check import Context
from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.events.arrival import Event, Receipt
from moderator.domain.finding import Finding, Signal
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.usecases.learn.relearn import learned_anew
from tests.builders import NOON, a_submission
from tests.databases import fresh
from tests.house import Blog, House
from tests.recount import counted, kept
from tests.scenarios.table_model import Comment, Decided

WEIGHTS = {"fine": 0.0, "maybe": 0.5, "spam": 1.0}
REPORT_AT = 3
IDS = st.sampled_from(["1", "2"])
WORDS = st.sampled_from(sorted(WEIGHTS))
VERDICTS = st.sampled_from([Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD])
PEOPLE = st.sampled_from([Decider(DeciderKind.MODERATOR, name, name) for name in ("Ann", "Bo")])
EXAMPLES = 40
GRACE = timedelta(hours=1)


class ByWord:
    """A check that says what the first word of a text says."""

    name = "by_word"

    def run(self, submission: Submission, context: Context) -> Finding:
        weight = WEIGHTS[submission.text.split()[0]]
        signal = Signal.SUSPECT if weight else Signal.NEUTRAL
        return Finding(self.name, signal, "as the word says", "word", weight)


class AnyOrder(RuleBasedStateMachine):
    database: Database

    def __init__(self) -> None:
        super().__init__()
        fresh(self.database)
        self.house = House(self.database)
        self.comments: dict[str, Comment] = {}
        self.heard: dict[str, tuple[int, str]] = {}  # sequence and status, by the blog's id
        self.clock = NOON
        self.sent = 0

    def _send(self, event: Event, id_: str, word: str = "fine", **more: object) -> object:
        self.clock += timedelta(seconds=1)
        self.sent += 1
        status = str(more.pop("status", "hold"))
        submission = a_submission(
            f"{word} needle{id_} {self.sent}",
            id=f"{self.sent:032x}",
            platform_id=id_,
            received_at=self.clock,
            status=status,
        )
        given = {"timestamp": self.clock, "has_content": True} | more
        [answer] = self.house.send(submission, event=event, **given)
        return answer

    def _stored(self, id_: str, answer: object, word: str) -> Comment:
        assert isinstance(answer, Receipt)
        return self.comments.setdefault(id_, Comment(word, answer.id))

    @rule(id_=IDS, word=WORDS)
    def created(self, id_: str, word: str) -> None:
        known = self.comments.get(id_)
        answer = self._send(Event.CREATED, id_, word)
        assert isinstance(answer, Receipt)
        assert answer.is_new == (known is None)
        assert self._stored(id_, answer, word).id == answer.id

    @rule(id_=IDS, word=WORDS, is_late=st.booleans())
    def updated(self, id_: str, word: str, *, is_late: bool) -> None:
        known = self.comments.get(id_)
        when = NOON - timedelta(days=1) if is_late and known else None
        answer = self._send(Event.UPDATED, id_, word, **({"timestamp": when} if when else {}))
        if known is None:
            self._stored(id_, answer, word)
        elif not known.is_erased and not is_late:
            known.word, known.is_queued, known.version = word, True, known.version + 1

    @rule(id_=IDS)
    def deleted(self, id_: str) -> None:
        answer = self._send(Event.DELETED, id_)
        assert isinstance(answer, Receipt)
        assert answer.status == "erased"
        known = self._stored(id_, answer, "fine")
        known.is_erased, known.is_queued, known.decisions = True, False, ()

    @rule(id_=IDS, has_content=st.booleans())
    def reported(self, id_: str, *, has_content: bool) -> None:
        known = self.comments.get(id_)
        answer = self._send(Event.REPORTED, id_, has_content=has_content)
        if known is None:
            assert isinstance(answer, Receipt) == has_content
            if has_content:
                self._stored(id_, answer, "fine").reports = 1
            return
        if known.is_erased:
            return
        known.reports += 1
        status = "queued" if known.is_queued or known.latest is None else known.latest.status
        is_fresh = known.listed_version < known.version
        if status in ("queued", "approved") and is_fresh and known.reports >= REPORT_AT:
            known.is_listed, known.listed_version = True, known.version

    @rule(id_=IDS, status=st.sampled_from(["approved", "hold", "spam", "trash"]))
    def blog_decides(self, id_: str, status: str) -> None:
        known = self.comments.get(id_)
        answer = self._send(Event.STATUS_CHANGED, id_, "fine", status=status)
        known = known or self._stored(id_, answer, "fine")
        if not known.is_erased:
            known.decide(status, "blog")
            self.heard[id_] = (len(known.decisions), status)

    @rule()
    def check(self) -> None:
        while self.house.check(ByWord()):
            pass
        for known in self.comments.values():
            if known.is_queued and not known.is_erased:
                known.judge()

    def _seen(self, known: Comment) -> dict[str, int]:
        return {"seen": len(known.decisions), "version": known.version}

    @rule(id_=IDS, verdict=VERDICTS, person=PEOPLE, is_stale=st.booleans())
    def moderate(self, id_: str, verdict: Verdict, person: Decider, *, is_stale: bool) -> None:
        known = self.comments.get(id_)
        if known is None:
            return
        seen = self._seen(known)
        if is_stale:
            seen["version"] += 1
        latest = known.latest
        mine = Decided(verdict.status, known.version, person.name)
        is_same = latest == mine and not known.is_listed
        try:
            is_new = self.house.moderate(known.id, verdict, by=person, grace=GRACE, **seen)
        except NotFoundError:
            assert known.is_erased
        except ConflictError:
            assert known.is_queued or (is_stale and not is_same)
        else:
            assert not known.is_queued
            assert not known.is_erased
            assert is_new != is_same
            assert is_same or not is_stale
            if is_new:
                known.decide(verdict.status, person.name)

    @rule(id_=IDS, person=PEOPLE)
    def undo(self, id_: str, person: Decider) -> None:
        known = self.comments.get(id_)
        if known is None:
            return
        latest = known.latest
        before = known.decisions[-2] if len(known.decisions) > 1 else None
        may = (
            not known.is_queued
            and latest is not None
            and latest.by in ("Ann", "Bo")
            and before is not None
            and before.version == known.version
        )
        try:
            self.house.undo(known.id, by=person, grace=GRACE, **self._seen(known))
        except (ConflictError, NotFoundError):
            assert not may
        else:
            assert may
            known.undo()

    @rule()
    def grace_is_over(self) -> None:
        self.house.hurry(Job.DELIVER, Job.TRAIN_SITE_MODEL)

    @rule(status=st.sampled_from([200, 200, 503]))
    def deliver(self, status: int) -> None:
        blog = Blog(lambda _number: CallbackAnswer(status))
        self.house.deliver(blog, schedule=(3_600,) * 50)
        for told in blog.got:
            comment = told["comment"]
            assert isinstance(comment, dict)
            known = self.comments[comment["id"]]
            assert not known.is_erased
            assert known.latest is not None
            # No callback contradicts the last decision.
            assert (told["sequence"], told["status"]) == (
                len(known.decisions),
                known.latest.status,
            )
            if status == 200:
                assert known.latest.by != "blog"
                if comment["id"] in self.heard:
                    assert self.heard[comment["id"]][0] < len(known.decisions)
                self.heard[comment["id"]] = (len(known.decisions), known.latest.status)

    @rule()
    def learn(self) -> None:
        self.house.learn()

    @invariant()
    def rows_are_as_the_table_says(self) -> None:
        rows = {
            str(row[0]): row[1:]
            for row in self.house.rows(
                "SELECT id, status, sequence, content_version, listed, payload FROM submissions"
            )
        }
        for known in self.comments.values():
            status, sequence, version, listed, payload = rows[known.id]
            if known.is_erased:
                assert (status, payload) == ("erased", "")
                continue
            assert payload != ""
            assert (sequence, version) == (len(known.decisions), known.version)
            assert bool(listed) == known.is_listed
            assert status == ("queued" if known.is_queued else known.decisions[-1].status)
        assert len(rows) == len(self.comments)

    @invariant()
    def sequences_are_dense(self) -> None:
        for known in self.comments.values():
            sql = f"SELECT sequence FROM decisions WHERE submission_id = '{known.id}' ORDER BY 1"  # noqa: S608  # a number of ours
            found = [row[0] for row in self.house.rows(sql)]
            assert found == list(range(1, len(known.decisions) + 1))

    @invariant()
    def erased_stays_erased(self) -> None:
        gone = [id_ for id_, known in self.comments.items() if known.is_erased]
        for table in ("submissions", "decisions", "deliveries", "queue", "lessons"):
            told = str(self.house.rows(f"SELECT * FROM {table}"))  # noqa: S608  # our own names
            assert not [id_ for id_ in gone if f"needle{id_} " in told], table

    @invariant()
    def counts_are_true(self) -> None:
        assert kept(self.house.database) == counted(self.house.database)

    def teardown(self) -> None:
        """At last all is decided, the blog knows it, and people's words alone are learned."""
        self.check()
        for _ in range(4):
            self.grace_is_over()
            self.deliver(200)
        self.learn()
        for id_, known in self.comments.items():
            if not known.is_erased and known.latest is not None:
                assert self.heard[id_][1] == known.latest.status
        taught = {str(row[0]) for row in self.house.rows("SELECT submission_id FROM lessons")}
        rulings = [
            (known.id, one, one == known.latest)
            for known in self.comments.values()
            for one in known.decisions
            if one.by != "rule" and one.status in ("approved", "spam")
        ]
        assert {id_ for id_, _, is_latest in rulings if is_latest} <= taught
        assert taught <= {id_ for id_, *_ in rulings}
        layers = self.house.learn()
        layer, _ = layers.load("blog")
        assert set(layer.steps) == taught
        # As if what was said and taken back meanwhile had never been said.
        anew = learned_anew(layers, "blog", layer, shared_model())
        assert not taught or layer.to_bytes() == anew.to_bytes()
        assert not self.house.rows("SELECT id FROM queue WHERE job = 'learn'")


@pytest.mark.timeout(300)
def test_in_any_order_the_table_holds(database: Database) -> None:
    machine = type("Machine", (AnyOrder,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
