"""Decisions are counted once each, whoever counts, and the statistics are what was counted."""

from datetime import datetime, timedelta

import pytest

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.stats import DAYS, Proportion
from moderator.domain.verdict import Verdict
from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.upkeep import counting
from moderator.storage.upkeep.counting import CountingRows
from tests.builders import NOON, a_site, a_submission
from tests.house import House
from tests.stock import stock, stock_campaign, stock_site
from tests.storage.importing import OPINION, exported, import_into

HOLD = Finding("lists", Signal.SUSPECT, "Words of advertising", "advertising", 0.5)
SPAM = Finding("lists", Signal.SPAM, "Words of advertising", "advertising", 0.95)


def past(
    database: Database, number: int, *, at: datetime = NOON, findings: tuple[Finding, ...] = ()
) -> None:
    """One comment each hour, the first of them at a time."""
    for n in range(number):
        when = at + timedelta(hours=n)
        submission = a_submission(
            f"Remark {at} {n}.", id=f"{when:%d%H}{n:04d}", platform_id=f"{at:%d}-{n}",
            created_at=when, received_at=when,
        )  # fmt: skip
        stock(database, submission, *findings)


def counted(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        sql = (
            "SELECT verdict, decided_by, machine_said, is_first, sum(number) FROM decision_counts"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        )
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is too fresh to be counted."""
    monkeypatch.setattr(counting, "LAG", timedelta(minutes=-1))


def count_all(rows: CountingRows) -> None:
    while rows.count():
        pass


@pytest.mark.usefixtures("at_once")
def test_what_was_decided_elsewhere_is_not_counted(database: Database) -> None:
    """Ten years of it would keep the counting busy for hours, an hour at a time."""
    stock_site(database)
    years = [NOON - timedelta(days=365 * back) for back in range(10)]
    import_into(database, [exported(n, f"{OPINION} {n}", created=at) for n, at in enumerate(years)])
    past(database, 3)
    rows = CountingRows(database)
    assert not rows.count()  # one call was enough
    assert [row[4] for row in counted(database)] == [3]


def test_each_decision_is_counted_once(database: Database) -> None:
    stock_site(database)
    past(database, 30)
    past(database, 3, at=NOON + timedelta(days=3), findings=(HOLD,))
    one, other = CountingRows(database), CountingRows(database)
    one.count()
    other.count()
    count_all(one)
    count_all(other)
    assert counted(database) == [("approve", "rule", "", 1, 30), ("hold", "rule", "", 1, 3)]
    past(database, 2, at=NOON + timedelta(days=5))  # long before now, but after what was counted
    count_all(one)
    assert counted(database)[0][-1] == 30  # it came too late: LAG is for that


def test_what_is_being_written_now_is_counted_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_site(database)
    now = database.now()
    past(database, 1, at=now - timedelta(seconds=30))
    rows = CountingRows(database)
    count_all(rows)
    assert counted(database) == []
    monkeypatch.setattr(counting, "LAG", timedelta(0))
    count_all(rows)
    assert counted(database) == [("approve", "rule", "", 1, 1)]


def test_two_that_count_at_once_count_nothing_twice(database: Database) -> None:
    """The second began with what the first had read."""
    stock_site(database)
    past(database, 2)
    rows = CountingRows(database)
    with database.write() as connection:
        counting.BEGIN.run(connection, {"name": counting.NAME})
        stale = {"name": counting.NAME, "since": 0, "until": 5}
        assert counting.FENCE.run(connection, stale).rowcount == 1
        assert counting.FENCE.run(connection, stale).rowcount == 0
    count_all(rows)
    assert counted(database) == [("approve", "rule", "", 1, 2)]


@pytest.mark.usefixtures("at_once")
def test_people_are_compared_with_what_the_service_had_said(database: Database) -> None:
    house = House(database, site=a_site())
    past(database, 3, findings=(SPAM,))
    past(database, 2, at=NOON + timedelta(days=1))
    ids = [row[0] for row in house.rows("SELECT id FROM submissions ORDER BY id")]
    for id_, verdict in zip(ids, (Verdict.APPROVE, Verdict.DISCARD, Verdict.HOLD), strict=False):
        house.moderate(str(id_), verdict, seen=1)
    count_all(CountingRows(database))
    now = NOON + timedelta(days=2)
    found = DashboardRows(database).statistics(None, "", now)
    assert found.agreement[Verdict.SPAM] == Proportion(1, 2)  # back to held is no word
    assert found.agreement[Verdict.APPROVE] == Proportion(0, 0)
    assert found.automatic == Proportion(5, 5)
    assert found.totals[Verdict.SPAM] == 3
    assert [day.total for day in found.intake if day.total] == [3, 2]
    assert len(found.intake) == DAYS
    low, high = found.agreement[Verdict.SPAM].bounds
    assert low < 0.5 < high


@pytest.mark.usefixtures("at_once")
def test_a_word_about_a_persons_word_is_no_agreement(database: Database) -> None:
    house = House(database, site=a_site())
    past(database, 1, findings=(SPAM,))
    [(id_,)] = house.rows("SELECT id FROM submissions")
    house.moderate(str(id_), Verdict.APPROVE, seen=1)
    house.moderate(str(id_), Verdict.SPAM, seen=2)
    count_all(CountingRows(database))
    found = DashboardRows(database).statistics(None, "", NOON + timedelta(days=1))
    assert found.agreement[Verdict.SPAM] == Proportion(0, 1)


def test_each_sees_their_own_sites(database: Database) -> None:
    stock_site(database)
    stock_site(database, a_site(id="other"))
    past(database, 2, findings=(HOLD,))
    count_all(CountingRows(database))
    rows, now = DashboardRows(database), NOON + timedelta(hours=3)
    assert rows.statistics(("other",), "", now).totals[Verdict.HOLD] == 0
    assert rows.statistics(("other",), "blog", now).totals[Verdict.HOLD] == 0
    mine = rows.statistics(("blog",), "", now)
    assert mine.totals[Verdict.HOLD] == 2
    assert [one.number for one in mine.ages] == [0, 2, 0, 0, 0, 0]
    assert mine.oldest == NOON
    assert rows.statistics((), "", now).oldest is None


def test_what_is_held_is_grouped_by_age(database: Database) -> None:
    stock_site(database)
    past(database, 1, at=NOON, findings=(HOLD,))
    past(database, 1, at=NOON + timedelta(days=10), findings=(HOLD,))
    past(database, 1, at=NOON + timedelta(days=39, hours=23, minutes=30), findings=(HOLD,))
    found = DashboardRows(database).statistics(None, "", NOON + timedelta(days=40))
    assert [one.number for one in found.ages] == [1, 0, 0, 0, 1, 1]


def test_the_busiest_campaigns_and_hosts_are_named(database: Database) -> None:
    house, at = House(database, site=a_site()), database.now() - timedelta(hours=1)
    said = "Everybody can earn a fortune from the sofa at https://rich.example/ today."
    submissions = [
        a_submission(said, id=f"s{n}", platform_id=str(n), received_at=at) for n in range(4)
    ]
    for one in submissions:
        stock(database, one, HOLD)
    campaign = stock_campaign(database, *submissions)
    house.moderate("s0", Verdict.SPAM, seen=1)
    house.learn()
    count_all(CountingRows(database))
    found = DashboardRows(database).statistics(None, "", database.now())
    assert [(one.id, one.number) for one in found.campaigns] == [(campaign, 4)]
    assert "fortune" in found.campaigns[0].shape
    assert found.sources == (("rich.example", 1),)
