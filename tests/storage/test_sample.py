"""What the machine let through is shown to people: a few of each site and day."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import ItemPage, Tab
from moderator.domain.pages.sample import PER_DAY, doubt
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider, DeciderKind, Decision, Verdict
from moderator.storage.base.database import Database
from moderator.storage.base.payload import dump
from moderator.storage.base.times import to_ms
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.write import write_decisions
from moderator.storage.intake.erasure import erase
from moderator.storage.schema.tables import submissions
from moderator.usecases.moderate.dashboard import ITEMS_PER_PAGE, DashboardReads
from tests.builders import a_site, a_submission
from tests.stock import an_outcome, stock_site

PERSON = Decider(DeciderKind.MODERATOR, "m1", "Maria")


@pytest.fixture
def look(database: Database) -> DashboardReads:
    stock_site(database)
    stock_site(database, a_site(id="other", name="Another blog"))
    return DashboardReads(DashboardRows(database))


def outcome(
    submission: Submission, at: datetime, *, score: float, by: Decider | None, verdict: Verdict
) -> DecisionWrite:
    unsure = Finding("spam_text", Signal.SUSPECT, "A little like spam", "doubtful_text", score)
    given = an_outcome(submission, (unsure,), sequence=1 if by is None else 2)
    decision = given.recorded.decision if by is None else Decision(verdict, by, ())
    return replace(given, recorded=replace(given.recorded, decided_at=at, decision=decision))


def let_through(database: Database, number: int, score: float, **changes: object) -> str:
    """One that the machine decided on `days` ago."""
    days = int(str(changes.pop("days", 0)))
    id_ = f"{number:032x}"
    submission = a_submission(f"Comment {number}", id=id_, platform_id=str(number), **changes)
    at = database.now() - timedelta(days=days)
    row = {
        "id": id_, "site_id": submission.site_id, "platform_id": str(number), "kind": "comment",
        "payload": dump(submission), "created_at": to_ms(at), "received_at": to_ms(at),
    }  # fmt: skip
    with database.write() as connection:
        connection.execute(insert(submissions).values(row))
        given = outcome(submission, at, score=score, by=None, verdict=Verdict.APPROVE)
        write_decisions(connection, [given])
    return id_


def said(database: Database, number: int, verdict: Verdict, kind: str = "moderator") -> None:
    by = replace(PERSON, kind=DeciderKind(kind))
    submission = a_submission(id=f"{number:032x}")
    with database.write() as connection:
        given = outcome(submission, database.now(), score=0.0, by=by, verdict=verdict)
        write_decisions(connection, [given])


def numbers(listing: ItemPage) -> list[int]:
    return [int(line.id, 16) for line in listing.lines]


def test_the_least_sure_come_first_and_only_a_few_of_them(
    database: Database, look: DashboardReads
) -> None:
    for number in range(1, 31):
        let_through(database, number, number / 100)
    found = look.tab(None, Tab.SAMPLE)
    assert numbers(found) == list(range(30, 30 - PER_DAY, -1))
    assert look.around(None, now=database.now()).tallies[Tab.SAMPLE].number == PER_DAY


def test_what_a_person_decided_leaves_and_nothing_takes_its_place(
    database: Database, look: DashboardReads
) -> None:
    for number in range(1, 31):
        let_through(database, number, number / 100)
    said(database, 30, Verdict.SPAM)
    said(database, 28, Verdict.APPROVE)
    said(database, 27, Verdict.DISCARD, "blog")
    assert numbers(look.tab(None, Tab.SAMPLE)) == [29, 26, 25, 24, 23, 22, 21]


def test_each_site_and_day_has_a_sample_of_its_own(
    database: Database, look: DashboardReads
) -> None:
    for number in range(1, 13):
        let_through(database, number, 0.3)
        let_through(database, 100 + number, 0.2, site_id="other")
        let_through(database, 200 + number, 0.1, days=1)
        let_through(database, 300 + number, 0.35, days=3)
    first = look.tab(None, Tab.SAMPLE)
    assert len(first.lines) == ITEMS_PER_PAGE
    found = numbers(first) + numbers(look.tab(None, Tab.SAMPLE, before=first.older))
    assert [number // 100 for number in found] == [0] * 10 + [1] * 10 + [2] * 10
    assert len(set(found)) == 30
    assert [number // 100 for number in numbers(look.tab(("other",), Tab.SAMPLE))] == [1] * 10
    assert look.tab((), Tab.SAMPLE) == ItemPage(())


def test_equals_are_drawn_by_lot_which_is_the_same_for_everybody(
    database: Database, look: DashboardReads
) -> None:
    for number in range(1, 31):
        let_through(database, number, 0.0)
    found = numbers(look.tab(None, Tab.SAMPLE))
    assert found == numbers(look.tab(("blog",), Tab.SAMPLE))
    assert found != list(range(30, 20, -1))
    assert doubt(0.0, "a") != doubt(0.0, "b")
    assert doubt(0.0001, "a") > doubt(0.0, "b")
    assert doubt(-3.0, "a") == doubt(0.0, "a")


def test_what_was_held_or_is_gone_is_not_in_it(database: Database, look: DashboardReads) -> None:
    let_through(database, 1, 0.7)  # held
    let_through(database, 2, 0.3)
    gone = let_through(database, 3, 0.3)
    with database.write() as connection:
        erase(connection, gone, 5)
    assert numbers(look.tab(None, Tab.SAMPLE)) == [2]
