"""A hold for mere silence is asked again, for a day, and an answer decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.checks import LOCAL
from moderator.checks.akismet import Akismet
from moderator.clients.akismet import AkismetService
from moderator.domain.check import RemoteTools
from moderator.domain.decisions.silence import SCHEDULE, SOONEST
from moderator.domain.events.arrival import Event
from moderator.domain.queue import Job
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.akismet_server import AkismetServer, Answer
from tests.builders import NOON, a_submission
from tests.house import BLOG, NOWHERE, Blog, House
from tests.scenarios.slow import SlowJudging, Slowness

KEYED = replace(BLOG, id="keyed", akismet_key="0123456789ab")
SILENT = Answer(is_cut=True)
COMMENT = a_submission("The bridge was finished in 1911.", id="c1", site_id="keyed")
ASKED = "SELECT due_at, attempts FROM queue WHERE job = 'ask'"


class Held:
    """A comment that is held because Akismet gave no answer."""

    def __init__(self, database: Database, server: AkismetServer, first: Answer = SILENT) -> None:
        self.server = server
        self.house = House(database)
        self.house.sites.add(KEYED, key_prefix="mod_y", key_digest="e", now=NOON)
        self.ways: RemoteTools = replace(
            NOWHERE, spam_service=AkismetService(server.url, patience=20)
        )
        self.house.send(COMMENT)
        self.judge(first)
        assert self.status == "hold"

    @property
    def status(self) -> str:
        return self.house.status("c1")

    def judge(self, answer: Answer) -> None:
        self.server.answer = answer
        self.house.check(*LOCAL, remote=(Akismet(),))
        self.house.reach(Akismet(), ways=self.ways)

    def ask(self, answer: Answer) -> None:
        self.server.answer = answer
        self.house.ask_again(Akismet(), ways=self.ways)
        self.house.check(*LOCAL, remote=(Akismet(),))

    @property
    def waits(self) -> list[timedelta]:
        """In how long it will be asked again."""
        now = self.house.queue.now()
        due = [int(str(row[0])) for row in self.house.rows(ASKED)]
        return [timedelta(milliseconds=one - now.timestamp() * 1000) for one in due]


@contextmanager
def held(database: Database, first: Answer = SILENT) -> Iterator[Held]:
    with AkismetServer() as server:
        yield Held(database, server, first)


@pytest.mark.parametrize(
    ("answer", "status"), [(Answer("false"), "approved"), (Answer("true"), "spam")]
)
def test_an_answer_that_comes_late_decides(database: Database, answer: Answer, status: str) -> None:
    with held(database) as comment:
        blog = Blog()
        comment.house.deliver(blog)
        comment.ask(answer)
        comment.house.deliver(blog)
        assert comment.status == status
        assert [told["status"] for told in blog.got] == ["hold", status]
        assert comment.house.rows(ASKED) == []
        assert comment.house.found("c1", "akismet").code != "akismet_unknown"


def test_it_is_asked_ever_more_rarely_and_in_the_end_a_person_decides(database: Database) -> None:
    with held(database) as comment:
        told = "SELECT reasons FROM decisions"
        assert "asked_again" in str(comment.house.rows(told))
        times = []
        for _ in SCHEDULE:
            times += comment.waits
            comment.ask(SILENT)
        steps = [60, 240, 1500, 5400, 14400, 64800]  # 1, 5, 30 minutes, 2, 6, 24 hours
        assert times == [
            pytest.approx(timedelta(seconds=s), abs=timedelta(seconds=59)) for s in steps
        ]
        assert comment.house.rows(ASKED) == []
        assert comment.status == "hold"
        assert len(comment.house.rows(told)) == 1


def test_a_service_says_when_it_wants_to_be_asked(database: Database) -> None:
    later = Answer("false", headers={"X-akismet-recheck-after": "600"})
    with held(database, later) as comment:
        assert timedelta(seconds=540) < comment.waits[0] <= timedelta(seconds=600)
        comment.ask(replace(later, headers={"X-akismet-recheck-after": "1"}))
        assert timedelta(seconds=SOONEST) < comment.waits[0] <= timedelta(seconds=240)


def test_a_person_who_decides_meanwhile_is_not_asked_about(database: Database) -> None:
    with held(database) as comment:
        comment.house.moderate("c1", Verdict.SPAM, seen=1)
        asked = len(comment.server.seen)
        comment.ask(Answer("false"))
        assert comment.status == "spam"
        assert len(comment.server.seen) == asked
        assert comment.house.rows(ASKED) == []


def test_an_edit_is_judged_and_asked_for_itself(database: Database) -> None:
    with held(database) as comment:
        words = "The bridge was finished in 1912."
        edited = replace(COMMENT, content=words, text=words)
        comment.house.send(edited, event=Event.UPDATED)
        comment.judge(Answer("false"))
        assert comment.status == "approved"
        asked = len(comment.server.seen)
        comment.ask(Answer("true"))
        assert comment.status == "approved"
        assert len(comment.server.seen) == asked


def test_an_answer_about_an_older_text_is_dropped(database: Database) -> None:
    with held(database) as comment:
        slowness = Slowness()
        comment.house.store = SlowJudging(database, slowness)
        slowness.is_slow = True
        comment.ask(Answer("false"))
        slowness.is_slow = False
        words = "The bridge was finished in 1912."
        edited = replace(COMMENT, content=words, text=words)
        comment.house.send(edited, event=Event.UPDATED)
        comment.judge(Answer("false"))
        for write in slowness.take():
            write()
        assert words in str(comment.house.rows("SELECT payload FROM submissions"))
        comment.ask(Answer("true"))  # of what is approved nothing is asked
        assert comment.status == "approved"
        assert comment.house.rows(ASKED) == []


def test_what_is_judged_anew_meanwhile_is_judged_with_the_answer(database: Database) -> None:
    with held(database) as comment:
        slowness = Slowness()
        comment.house.store = SlowJudging(database, slowness)
        slowness.is_slow = True
        comment.server.answer = Answer("false")
        comment.house.ask_again(Akismet(), ways=comment.ways)
        slowness.is_slow = False
        comment.house.store.finish((), (), [("c1", KEYED.id)])
        comment.house.check(*LOCAL, remote=(Akismet(),))
        for write in slowness.take():
            write()
        waiting = comment.house.rows("SELECT job FROM queue WHERE job IN ('check', 'reach')")
        assert waiting == [("check",)]
        comment.house.check(*LOCAL, remote=(Akismet(),))
        assert comment.status == "approved"


def test_what_waits_for_a_person_anyway_is_not_asked_about(database: Database) -> None:
    with held(database) as comment:
        comment.house.moderate("c1", Verdict.SPAM, seen=1)
        words = "The bridge was finished in 1912."
        edited = replace(COMMENT, content=words, text=words)
        comment.house.send(edited, event=Event.UPDATED)
        comment.judge(SILENT)
        assert comment.status == "hold"
        assert comment.house.rows(ASKED) == []


def test_what_waits_again_after_an_undo_is_asked_again(database: Database) -> None:
    with held(database) as comment:
        comment.house.moderate("c1", Verdict.SPAM, seen=1)
        comment.house.undo("c1", seen=2)
        reasons = str(comment.house.rows("SELECT reasons FROM decisions WHERE sequence = 3"))
        assert reasons.count("asked_again") == 1
        comment.ask(Answer("false"))
        assert comment.status == "approved"


def test_what_is_held_for_its_words_as_well_is_left_to_people(database: Database) -> None:
    with AkismetServer() as server:
        house = House(database)
        strict = replace(KEYED, policy=replace(KEYED.policy, hold_at=0.0))
        house.sites.add(strict, key_prefix="mod_y", key_digest="e", now=NOON)
        house.send(COMMENT)
        server.answer = SILENT
        house.check(*LOCAL, remote=(Akismet(),))
        ways = replace(NOWHERE, spam_service=AkismetService(server.url, patience=20))
        house.reach(Akismet(), ways=ways)
        assert house.status("c1") == "hold"
        assert house.rows(ASKED) == []
        assert Job.ASK_AGAIN not in house.hints.sent
