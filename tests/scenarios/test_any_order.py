"""Events, people, workers and callbacks in any order, against a little model of docs/events.md.

What waits for the world outside (Akismet, a linkback's source) may be written much later, when
other things happened meanwhile: so may what was judged.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.events.arrival import Event, Receipt
from moderator.domain.queue import Job
from moderator.domain.verdict import Decider, DeciderKind, Verdict
from moderator.judgement.text.model import shared_model
from moderator.storage.base.database import Database
from moderator.usecases.learn.relearn import learned_anew
from tests.builders import NOON
from tests.house import Blog
from tests.marks import EVERY_STATE
from tests.scenarios.order import ANY, KINDS, MENTIONED
from tests.scenarios.outside import WEIGHTS
from tests.scenarios.table_model import Comment, Decided
from tests.scenarios.work_model import World
from tests.scenarios.workers import WORLDS, Workers

REPORT_AT = 3
WORDS = st.sampled_from(["fine", *sorted(WEIGHTS)])
SOME = st.one_of(
    st.just(list(KINDS)),
    st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=2, unique=True),
)
VERDICTS = st.sampled_from([Verdict.APPROVE, Verdict.SPAM, Verdict.DISCARD])
STATUSES = st.sampled_from(["approved", "hold", "spam", "trash"])
ANN, BO = (Decider(DeciderKind.MODERATOR, name, name) for name in ("Ann", "Bo"))
PEOPLE = st.sampled_from([ANN, BO])
EXAMPLES = int(os.environ.get("ANY_ORDER_EXAMPLES", "40" if EVERY_STATE else "20"))
STEPS = int(os.environ.get("ANY_ORDER_STEPS", "25"))
HAPPENINGS = (
    "created", "updated", "updated", "deleted", "reported", "decided", "renewed", "moderated",
    "undone",
)  # fmt: skip
RARELY = st.sampled_from([False, False, False, True])
AFTER = st.sampled_from(["", "judged", "judged", "told", "lapsed"])
GRACE = timedelta(hours=1)


class AnyOrder(Workers):
    @initialize(about=SOME, begun=st.one_of(st.none(), WORLDS), words=st.lists(WORDS, min_size=4))
    def is_about(self, about: list[str], begun: World | None, words: list[str]) -> None:
        """Some of them, or all; they may have been judged already."""
        self.about = about
        if begun is not None:
            for which in range(len(about)):
                self.created(which, words[which])
            self.work(begun)

    def created(self, which: int, word: str) -> None:
        id_ = self.id_of(which)
        known = self.comments.get(id_)
        if id_ == MENTIONED:
            answer, word = self.mention(), ""
            if known is not None:
                known.look()
        else:
            answer = self.send(Event.CREATED, id_, word)
        assert isinstance(answer, Receipt)
        assert known is None or not answer.is_new
        assert self.stored(id_, answer, word).id == answer.id

    def updated(self, which: int, word: str, *, is_late: bool) -> None:
        id_ = self.id_of(which)
        if id_ == MENTIONED:
            return  # the blog does not know it yet
        known = self.comments.get(id_)
        when = NOON - timedelta(days=1) if is_late and known else None
        answer = self.send(Event.UPDATED, id_, word, **({"timestamp": when} if when else {}))
        if known is None:
            self.stored(id_, answer, word)
        elif not known.is_erased and not is_late:
            known.edit(word)

    def deleted(self, which: int) -> None:
        id_ = self.id_of(which)
        if id_ == MENTIONED:
            return  # the blog does not know it yet
        answer = self.send(Event.DELETED, id_)
        assert isinstance(answer, Receipt)
        assert answer.status == "erased"
        self.stored(id_, answer, "fine").erase()

    def reported(self, which: int, *, has_content: bool) -> None:
        id_ = self.id_of(which)
        if id_ == MENTIONED:
            return  # the blog does not know it yet
        known = self.comments.get(id_)
        answer = self.send(Event.REPORTED, id_, has_content=has_content)
        if known is None:
            assert isinstance(answer, Receipt) == has_content
            if has_content:
                self.stored(id_, answer, "fine").reports = 1
            return
        if known.is_erased:
            return
        known.reports += 1
        is_fresh = known.listed_version < known.version
        if known.status in ("queued", "approved") and is_fresh and known.reports >= REPORT_AT:
            known.is_listed, known.listed_version = True, known.version

    def blog_decides(self, which: int, status: str) -> None:
        id_ = self.id_of(which)
        if id_ == MENTIONED:
            return  # the blog does not know it yet
        known = self.comments.get(id_)
        answer = self.send(Event.STATUS_CHANGED, id_, "fine", status=status)
        known = known or self.stored(id_, answer, "fine")
        if not known.is_erased:
            known.decide(status, "blog")
            known.heard = (len(known.decisions), status)

    def renewed(self, which: int) -> None:
        """What another was taken for changed: its copies are judged again."""
        id_ = self.id_of(which)
        known = self.comments.get(id_)
        if known is not None and not known.is_erased:
            self.renew(known)

    def _seen(self, known: Comment) -> dict[str, int]:
        return {"seen": len(known.decisions), "version": known.version}

    def moderate(self, which: int, verdict: Verdict, person: Decider, *, is_stale: bool) -> None:
        id_ = self.id_of(which)
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

    def undo(self, which: int, person: Decider) -> None:
        id_ = self.id_of(which)
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

    @rule(status=st.sampled_from([200, 200, 503]), is_late=st.booleans())
    def deliver(self, status: int, *, is_late: bool) -> None:
        """Tell the blog; when it is late, the grace period is over."""
        if is_late:
            self.house.hurry(Job.DELIVER)
        blog = Blog(lambda _number: CallbackAnswer(status))
        self.house.deliver(blog, schedule=(3_600,) * 50)
        for told in blog.got:
            known = self._told(told)
            assert not known.is_erased
            assert known.latest is not None
            # No callback contradicts the last decision.
            said = (told["sequence"], told["status"])
            assert said == (len(known.decisions), known.latest.status)
            if status == 200:
                assert known.heard[0] < len(known.decisions)
                known.heard = (len(known.decisions), known.latest.status)

    def _told(self, told: dict[str, object]) -> Comment:
        return next(known for known in self.alive if known.id == told["submission_id"])

    @rule(is_late=st.booleans())
    def learn(self, *, is_late: bool) -> None:
        if is_late:
            self.house.hurry(Job.TRAIN_SITE_MODEL)
        self.house.learn()

    @rule(data=st.data(), which=ANY)
    def happens(self, data: st.DataObject, which: int) -> None:
        """An event of the blog, or a moderator's decision."""
        draw = data.draw
        match draw(st.sampled_from(HAPPENINGS)):
            case "created":
                self.created(which, draw(WORDS))
            case "updated":
                self.updated(which, draw(WORDS), is_late=draw(RARELY))
            case "deleted":
                self.deleted(which)
            case "reported":
                self.reported(which, has_content=draw(st.booleans()))
            case "decided":
                self.blog_decides(which, draw(STATUSES))
            case "renewed":
                self.renewed(which)
            case "moderated":
                self.moderate(which, draw(VERDICTS), draw(PEOPLE), is_stale=draw(RARELY))
            case _:
                self.undo(which, draw(PEOPLE))

    @rule(data=st.data(), world=WORLDS, then=WORLDS, after=AFTER)
    def race(self, data: st.DataObject, world: World, then: World, after: str) -> None:
        """Much happens while a worker is out asking, and it writes behind that."""
        if not self.waiting:
            return
        job = data.draw(st.sampled_from(self.waiting))
        self.do(job, world, is_slow=True)
        for which in range(len(self.about)):
            self.happens(data, which)
        match after:
            case "judged":
                self.work(then)
            case "told":
                self.deliver(200, is_late=True)
            case "lapsed":
                self.leases_end()
                self.do(job, then, is_slow=True)
                self.wake(len(self.slow) - 2)
            case _:
                pass
        self.wake(len(self.slow) - 1)

    def teardown(self) -> None:
        """At last all is decided, the blog knows it, and people's words alone are learned."""
        self.come_to_rest()
        for _ in range(4):
            self.deliver(200, is_late=True)
        self.learn(is_late=True)
        for known in self.alive:
            assert known.latest is not None
            assert known.heard[1] == known.latest.status
        taught = {str(row[0]) for row in self.house.rows("SELECT submission_id FROM lessons")}
        rulings = [
            (known.id, one, one == known.latest)
            for known in self.comments.values()
            if known.word  # where there are no words nothing can be learned
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


@pytest.mark.timeout(0 if "ANY_ORDER_EXAMPLES" in os.environ else 300)
def test_in_any_order_the_table_holds(database: Database) -> None:
    machine = type("Machine", (AnyOrder,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
