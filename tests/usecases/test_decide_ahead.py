"""What is decided in advance: for a while, in a person's name, and nothing is learned from it."""

from datetime import timedelta

import pytest

from moderator.domain.errors import InvalidError
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from tests.usecases.pressing import BEN, CAMPAIGN, WEEK, Desk, a_desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return a_desk(database)


def test_what_joins_later_is_decided_in_advance_and_teaches_nothing(desk: Desk) -> None:
    desk.decide(ahead=WEEK, grace=timedelta(0))
    desk.send(5)
    desk.send(6, text="Something else that nobody else says at all")
    assert desk.statuses()[-2:] == ["spam", "hold"]
    (decided,) = desk.house.rows(
        f"SELECT decided_by, decider_id, decider_name, reasons FROM decisions"  # noqa: S608
        f" WHERE submission_id = '{5:032x}'"
    )
    assert decided[:3] == ("rule", "ahead", "Maria")
    assert "Maria decided this about everything like it until" in str(decided[3])
    desk.sent()
    desk.house.learn()
    taught = desk.house.rows("SELECT submission_id FROM lessons ORDER BY 1")
    assert taught == [(f"{number:032x}",) for number in (1, 2, 3, 4)]


def test_what_was_decided_in_advance_ends_by_time_by_revoking_and_by_undo(desk: Desk) -> None:
    desk.decide(ahead=WEEK)
    with desk.house.database.write() as connection:
        connection.exec_driver_sql("UPDATE advance_rulings SET ends_at = 1")
    desk.send(5)
    act = desk.decide(ahead=WEEK).act
    desk.send(6)
    together, now = desk.house.together(), desk.house.queue.now()
    assert together.revoke(CAMPAIGN, BEN, scope=None, now=now)
    assert not together.revoke(CAMPAIGN, BEN, scope=None, now=now)
    desk.send(7)
    assert desk.statuses()[4:] == ["spam", "spam", "hold"]
    act = desk.decide(ahead=WEEK).act
    desk.undo(act)
    desk.send(8)
    assert desk.statuses()[6:] == ["hold", "hold"]


@pytest.mark.parametrize(
    ("verdict", "ahead"),
    [(Verdict.SPAM, timedelta(days=31)), (Verdict.SPAM, timedelta(days=-1)), (Verdict.HOLD, WEEK)],
)
def test_nobody_decides_ahead_for_long_or_to_hold(
    desk: Desk, verdict: Verdict, ahead: timedelta
) -> None:
    with pytest.raises(InvalidError):
        desk.decide(verdict, ahead=ahead)
    assert desk.statuses() == ["hold"] * 4
