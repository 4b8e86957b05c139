"""From a stored submission to a decision with its callback, over a real database."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from moderator.domain.check import Context, RemoteTools
from moderator.domain.copies.places import MAX_AT_PLACE
from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.finding import Finding, Signal
from moderator.domain.ports import NearMatch, SketchedText
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from tests.builders import NOON, a_site, a_submission
from tests.fakes import FakeSites
from tests.house import Blog, House

LEASE = timedelta(seconds=60)


@dataclass
class Says:
    """A local check that always finds the same, or fails."""

    finding: Finding
    fails_on: str = ""
    ran: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.finding.check

    def run(self, submission: Submission, context: Context) -> Finding:
        self.ran.append(submission.id)
        if submission.text == self.fails_on:
            raise MemoryError("poison")
        return self.finding


@dataclass
class Asks:
    """A remote check with a given answer."""

    finding: Finding
    name: str = "asks"

    def applies(self, submission: Submission, context: Context) -> bool:
        return True

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        await asyncio.sleep(0)
        return self.finding


class Copies:
    """Calls everything but the earliest of a text redundant."""

    name = "duplicate"

    def run(self, submission: Submission, context: Context) -> Finding:
        earlier = [s for s in context.siblings if s.created_at < submission.created_at]
        if not earlier:
            return Finding("duplicate", Signal.NEUTRAL, "nothing")
        evidence: dict[str, object] = {
            "duplicate_of": earlier[0].id,
            "original_platform_id": earlier[0].platform_id,
        }
        return Finding("duplicate", Signal.REDUNDANT, "a copy", "duplicate", evidence=evidence)


NEUTRAL = Finding("quiet", Signal.NEUTRAL, "nothing to see")
SPAM = Finding("loud", Signal.SPAM, "a filled honeypot", "honeypot", weight=1.0)
SILENT = Finding("source_link", Signal.UNAVAILABLE, "the source does not answer", "unreachable")


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_quiet_comment_is_approved_and_the_blog_is_told(house: House) -> None:
    house.send(a_submission(ref="r-1"))
    assert house.check(Says(NEUTRAL)) == 1
    blog = Blog()
    assert house.deliver(blog) == 1
    told = blog.got[0]
    assert (told["status"], told["status_native"], told["sequence"]) == ("approved", "approve", 1)
    assert (told["expected_status"], told["ref"], told["final"]) == ("hold", "r-1", True)
    assert house.rows("SELECT state FROM deliveries") == [("delivered",)]
    assert house.rows("SELECT * FROM queue") == []


def test_contributions_add_up_to_the_score(house: House) -> None:
    house.send(a_submission())
    house.check(Says(SPAM), Says(replace(SPAM, check="b", weight=-0.25)))
    blog = Blog()
    house.deliver(blog)
    reasons = blog.got[0]["reasons"]
    assert isinstance(reasons, list)
    assert sum(reason["contribution"] for reason in reasons) == blog.got[0]["score"] == 0.75
    assert blog.got[0]["status"] == "hold"


def test_what_needs_the_network_is_decided_in_the_second_stage(house: House) -> None:
    house.send(a_submission())
    remote = Asks(SILENT)
    house.check(Says(NEUTRAL), remote=(remote,))
    assert house.status("0001") == "queued"
    assert house.reach(remote) == 1
    assert house.status("0001") == "hold"
    (findings,) = house.rows("SELECT findings FROM decisions")
    assert [f["check"] for f in json.loads(str(findings[0]))] == ["quiet", "source_link"]


def test_a_settled_case_asks_nobody_outside(house: House) -> None:
    house.send(a_submission())
    house.check(Says(replace(SPAM, weight=1.2)), remote=(Asks(SILENT),))
    assert house.status("0001") == "spam"


def test_poison_is_parked_and_spoils_nobody(house: House) -> None:
    house.send(a_submission("fine"), a_submission("poison", id="0002", platform_id="2"))
    check = Says(NEUTRAL, fails_on="poison")
    house.check(check)
    assert (house.status("0001"), house.status("0002")) == ("approved", "queued")
    for _ in range(4):
        with house.database.write() as connection:
            connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE job = 'check'")
        house.check(check)
    assert house.status("0002") == "hold"
    assert check.ran.count("0002") == 4
    (reasons,) = house.rows("SELECT reasons FROM decisions WHERE submission_id = '0002'")
    assert json.loads(str(reasons[0]))[0]["code"] == "parked"


class BreaksOn:
    """A near index that fails on one submission, and with it on every batch that holds it."""

    def __init__(self, submission_id: str) -> None:
        self.submission_id = submission_id

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]]:
        if any(newcomer.submission_id == self.submission_id for newcomer in newcomers):
            raise ValueError("poison")
        return [()] * len(newcomers)


def test_what_fails_a_whole_batch_is_found_and_parked(database: Database) -> None:
    house = House(database, near=BreaksOn("0002"))
    words = "long enough to be compared with others"
    house.send(a_submission(f"fine, {words}"), a_submission(words, id="0002", platform_id="2"))
    for _ in range(8):  # together, then each alone
        with house.database.write() as connection:
            connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE job = 'check'")
        house.check(Says(NEUTRAL))
    assert (house.status("0001"), house.status("0002")) == ("approved", "hold")
    (reasons,) = house.rows("SELECT reasons FROM decisions WHERE submission_id = '0002'")
    assert json.loads(str(reasons[0]))[0]["code"] == "parked"


def test_an_original_that_arrives_late_takes_its_copys_place(house: House) -> None:
    copy = a_submission("the same long text", id="c", platform_id="2", created_at=NOON)
    house.send(copy)
    house.check(Copies())
    assert house.status("c") == "approved"
    original = replace(copy, id="o", platform_id="1", created_at=NOON - timedelta(minutes=5))
    house.send(original)
    house.check(Copies())
    house.check(Copies())
    assert (house.status("o"), house.status("c")) == ("approved", "trash")
    blog = Blog()
    house.deliver(blog)
    last = blog.got[-1]
    assert (last["status"], last["duplicate_of"], last["sequence"]) == ("trash", "1", 2)


def test_who_is_judged_again_to_the_same_end_has_nobody_else_judged_again(house: House) -> None:
    """One that comes late is not worth a wave through all that its author said afterwards."""
    later = [
        a_submission(f"remark number {n} about the river", id=f"{n:04}", platform_id=str(n),
                     created_at=NOON + timedelta(minutes=n))
        for n in range(1, 3 * MAX_AT_PLACE)
    ]  # fmt: skip
    for each in later:
        house.send(each)
        house.check(Says(NEUTRAL))
    late = a_submission("the first remark of all", id="0000", platform_id="0", created_at=NOON)
    house.send(late)
    judged = sum(iter(lambda: house.check(Says(NEUTRAL)), 0))
    assert 1 < judged <= 1 + 2 * MAX_AT_PLACE


def test_a_person_is_not_overruled_by_a_new_judgement(house: House) -> None:
    house.send(a_submission())
    house.check(Says(replace(SPAM, weight=0.5)))
    house.moderate("0001", Verdict.APPROVE, seen=1)
    with house.database.write() as connection:
        house.queue.renew(connection, [("0001", "blog")], house.queue.now())
    house.check(Says(SPAM))
    assert house.status("0001") == "approved"


def test_a_newer_callback_takes_the_place_of_one_that_waits(house: House) -> None:
    house.send(a_submission())
    house.check(Says(replace(SPAM, weight=0.5)))
    house.moderate("0001", Verdict.SPAM, seen=1)
    blog = Blog(lambda number: CallbackAnswer(503) if number < 3 else CallbackAnswer(200))
    house.deliver(blog, schedule=(0, 0, 0))
    assert [told["sequence"] for told in blog.got] == [2, 2, 2]
    assert len(set(blog.ids[:3])) == 1  # the same webhook-id on every try


def test_a_blog_that_never_answers_leaves_a_dead_letter(house: House) -> None:
    house.send(a_submission())
    house.check(Says(NEUTRAL))
    blog = Blog(lambda _number: CallbackAnswer(0, "no answer"))
    house.deliver(blog, schedule=(0, 0))
    assert house.rows("SELECT state, tries FROM deliveries") == [("dead", 3)]
    assert DeliveryRows(house.database).revive("blog") == 1
    house.deliver(Blog())
    assert house.rows("SELECT state FROM deliveries") == [("delivered",)]


def test_a_refusal_by_a_person_at_the_blog_is_final(house: House) -> None:
    house.send(a_submission())
    house.check(Says(NEUTRAL))
    blog = Blog(lambda _number: CallbackAnswer(200, refusal="changed_by_human"))
    house.deliver(blog)
    (row,) = house.rows("SELECT state, last_error FROM deliveries")
    assert row == ("refused", "changed_by_human")


def test_two_sites_do_not_see_each_others_copies(house: House) -> None:
    other = a_site(id="other")
    house.sites.add(other, key_prefix="mod_y", key_digest="e", now=NOON)
    text = "the same words on two blogs"
    house.send(
        a_submission(text, id="a"),
        a_submission(text, id="b", site_id="other", created_at=NOON + timedelta(hours=1)),
    )
    house.check(Copies())
    assert (house.status("a"), house.status("b")) == ("approved", "approved")


def test_a_comment_of_a_site_that_is_not_known_yet_waits_for_it(database: Database) -> None:
    """A worker may have read the sites a moment before this one was registered."""
    house = House(database)
    known, house.sites = house.sites, FakeSites()  # type: ignore[assignment]  # it knows nobody
    house.send(a_submission())
    says = Says(Finding("says", Signal.HAM, "fine"))
    house.check(says)
    assert says.ran == []
    assert house.rows(
        "SELECT status, job FROM submissions JOIN queue ON subject_id = submissions.id"
    )
    house.sites = known
    house.hurry(Job.CHECK_LOCAL)
    house.check(says)
    assert house.status("0001") == "approved"
