"""Campaigns as rows: the same cost for any size, the same outcome with two workers at once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from moderator.checks.campaign import InCampaign
from moderator.domain.events.arrival import Event
from moderator.domain.history.campaign import CampaignMember, JoinKind, Membership, campaign_id
from moderator.domain.queue import LEASES, Job
from moderator.domain.submission import Author, Submission
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database
from moderator.storage.campaigns import (
    FIRST_ANYWHERE,
    JOINED,
    CampaignJoins,
    CampaignRows,
    leave,
    write_joins,
)
from moderator.storage.judging.siblings import REPEATED
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import submissions
from moderator.storage.submission_rows import lock_submissions
from moderator.usecases.judge.context import ContextLoader
from tests.builders import NOON, a_submission
from tests.house import House
from tests.statements import counting
from tests.storage.test_deadlock import wait_until_blocked

TEXT = "Everybody can earn a fortune from the sofa, ask me how it is done"
BATCH = 8


def comments(first: int, count: int, text: str = TEXT) -> list[Submission]:
    return [
        a_submission(
            text,
            id=f"{number:032x}",
            platform_id=str(number),
            created_at=NOON + timedelta(seconds=number),
            received_at=NOON + timedelta(seconds=number),
            author=Author(name=f"Author {number}"),
        )
        for number in range(first, first + count)
    ]


def a_member(
    number: int, first: int, *, site: str = "blog", how: JoinKind = JoinKind.SAME
) -> CampaignMember:
    relative = "" if how is JoinKind.FIRST else f"{first:032x}"
    joining = Membership(f"{number:032x}", campaign_id(f"{first:032x}"), how, relative)
    return CampaignMember(joining, site, NOON, NOON, ("shop.example",), "look")


def enlarge(database: Database, first: int, members: int) -> None:
    """Make a campaign look as if it had so many members, with rows for all of them."""
    start = 1 << 64
    for at in range(0, members, 500):
        several = [a_member(start + at + n, first) for n in range(min(500, members - at))]
        with database.write() as connection:
            write_joins(connection, several)


def test_a_hot_campaign_takes_no_more_statements(database: Database) -> None:
    house = House(database)
    house.send(*comments(1, BATCH))
    house.check(InCampaign())
    house.send(*comments(101, BATCH))
    with counting(database) as small:
        house.check(InCampaign())
    enlarge(database, 1, 5_000)
    house.send(*comments(201, BATCH))
    with counting(database) as large:
        house.check(InCampaign())
    assert [sql[:40] for sql in large] == [sql[:40] for sql in small]
    assert house.rows("SELECT members FROM campaigns") == [(5_000 + 3 * BATCH,)]


def test_a_batch_takes_as_many_statements_as_one(database: Database) -> None:
    house = House(database)
    house.send(*comments(1, 2))
    house.check(InCampaign())
    counts = []
    for first, size in ((100, 1), (200, 64)):
        several = [a_member(number, 1) for number in range(first, first + size)]
        with counting(database) as seen, database.write() as connection:
            write_joins(connection, several)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("statement", "named", "index"),
    [
        (FIRST_ANYWHERE, f"'{600:032x}'", "ix_submissions_first"),
        (REPEATED, "('blog', 'a key')", "ix_submissions_text"),
        (JOINED, f"'{600:032x}'", "campaign_members"),
    ],
)
def test_no_look_up_walks_a_hot_text(
    database: Database, statement: SelectIn, named: str, index: str
) -> None:
    """Although nearly every row has this text, which makes walking look cheap."""
    house = House(database)
    house.send(*comments(1, 600))
    while house.check(InCampaign()):
        pass
    template = statement._template  # noqa: SLF001  # what is really asked
    steps = plan(database, template.format(many=f"({named})", rows=named))
    assert any(index in step for step in steps)
    walks = [step for step in steps if "SCAN" in step and "INDEX" not in step]
    assert [step for step in walks if "submissions" in step or "campaign" in step] == []


def plan(database: Database, sql: str) -> list[str]:
    with database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
        if not database.is_postgres:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            return [str(row[3]) for row in rows]
        rows = connection.exec_driver_sql(f"EXPLAIN {sql}").all()
    return [str(row[0]).replace("Index", "INDEX").replace("Scan", "SCAN") for row in rows]


def test_who_joined_meanwhile_stays_and_the_others_follow(database: Database) -> None:
    """Another worker put our first member into its own campaign before we could."""
    with database.write() as connection:
        write_joins(connection, [a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1)])
    with database.write() as connection:
        write_joins(
            connection, [a_member(2, 2, how=JoinKind.FIRST), a_member(3, 2), a_member(4, 3)]
        )
    found = CampaignRows(database).campaigns(f"{number:032x}" for number in range(1, 5))
    assert {campaign.id for campaign in found.values()} == {campaign_id(f"{1:032x}")}
    assert [campaign.members for campaign in found.values()] == [4] * 4


def test_each_site_has_its_share_and_its_look(database: Database) -> None:
    with database.write() as connection:
        write_joins(
            connection,
            [a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1, site="other"), a_member(3, 1)],
        )
    campaign = CampaignRows(database).campaigns([f"{1:032x}"])[f"{1:032x}"]
    assert {site: share.members for site, share in campaign.shares.items()} == {
        "blog": 2, "other": 1,
    }  # fmt: skip
    assert campaign.shares["other"].first_id == f"{2:032x}"


def test_leaving_twice_takes_one_away(database: Database) -> None:
    with database.write() as connection:
        write_joins(connection, [a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1)])
        leave(connection, f"{2:032x}")
        leave(connection, f"{2:032x}")
    campaign = CampaignRows(database).campaigns([f"{1:032x}"])[f"{1:032x}"]
    assert (campaign.members, campaign.shares["blog"].hosts) == (1, {"shop.example": 1})


def test_a_first_member_that_was_erased_meanwhile_is_left_out(database: Database) -> None:
    house = House(database)
    house.send(*comments(1, 2))
    tickets = house.queue.claim(Job.CHECK_LOCAL, 2, token="t", lease=timedelta(minutes=1))
    joining = {f"{2:032x}": (a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1))}
    with database.write() as connection:
        connection.execute(
            update(submissions).where(submissions.c.id == f"{1:032x}").values(status="erased")
        )
    house.store.finish([(ticket, None) for ticket in tickets], (), (), joining)
    assert house.rows("SELECT submission_id FROM campaign_members") == [(f"{2:032x}",)]


def test_who_lost_the_lease_joins_nothing(database: Database) -> None:
    house = House(database)
    house.send(*comments(1, 2))
    tickets = house.queue.claim(Job.CHECK_LOCAL, 2, token="t", lease=timedelta(minutes=1))
    house.queue.hand_back(tickets)
    joining = {f"{2:032x}": (a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1))}
    house.store.finish([], [(ticket, (), "") for ticket in tickets], (), joining)
    house.store.finish([(ticket, None) for ticket in tickets], (), (), joining)
    assert house.rows("SELECT * FROM campaign_members") == []


def in_threads(*works: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told by the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_two_workers_count_every_member_once(
    postgres: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Several campaigns at once, each in every batch: nobody waits crosswise, nobody is lost."""
    house = House(postgres)
    texts = [f"{TEXT}, says {name}" for name in ("Alpha", "Bravo", "Delta", "Echo")]
    number = 0
    for _ in range(60):
        several = []
        for text in texts if number % 8 else reversed(texts):
            number += 1
            several += comments(number, 1, text)
        house.send(*several)

    def work() -> None:
        queue, token = Queue(postgres), f"token{threading.get_ident()}"
        while tickets := queue.claim(
            Job.CHECK_LOCAL, 7, token=token, lease=LEASES[Job.CHECK_LOCAL]
        ):
            stored_submissions = house.store.stored_submissions(
                ticket.subject_id for ticket in tickets
            )
            contexts = ContextLoader(house.store, house.sites)(stored_submissions, NOON)
            joining = {id_: context.joining for id_, context in contexts.items()}
            house.store.finish([(ticket, None) for ticket in tickets], (), (), joining)

    in_threads(work, work, work)
    rows = house.rows("SELECT campaign_id, count(*) FROM campaign_members GROUP BY 1 ORDER BY 1")
    assert rows == house.rows("SELECT id, members FROM campaigns ORDER BY 1")
    assert [row[1] for row in rows] == [60] * 4
    assert "deadlock" not in caplog.text


def test_workers_that_join_one_campaign_wait_for_each_other(postgres: Database) -> None:
    with postgres.write() as connection:
        write_joins(connection, [a_member(1, 1, how=JoinKind.FIRST)])

    def join() -> None:
        with postgres.write() as connection:
            write_joins(connection, [a_member(3, 1, site="other")])

    other = threading.Thread(target=join)
    with postgres.write() as connection:
        write_joins(connection, [a_member(2, 1, site="other")])
        other.start()
        wait_until_blocked(connection)
    other.join()
    campaign = CampaignRows(postgres).campaigns([f"{1:032x}"])[f"{1:032x}"]
    assert (campaign.members, campaign.shares["other"].members) == (3, 2)
    assert campaign.shares["other"].hosts == {"shop.example": 2}


def test_a_first_member_is_not_erased_while_it_is_written(postgres: Database) -> None:
    house = House(postgres)
    house.send(*comments(1, 2))
    joining = {f"{2:032x}": (a_member(1, 1, how=JoinKind.FIRST), a_member(2, 1))}
    tickets = house.queue.claim(Job.CHECK_LOCAL, 2, token="t", lease=LEASES[Job.CHECK_LOCAL])
    join = CampaignJoins(joining, tickets)
    erased = threading.Thread(target=lambda: house.send(*comments(1, 1), event=Event.DELETED))
    with postgres.write() as connection:
        stored = lock_submissions(connection, join.concerned)
        erased.start()
        wait_until_blocked(connection)
        join.write(connection, {ticket.row for ticket in tickets}, stored)
    erased.join()
    assert house.rows("SELECT submission_id FROM campaign_members") == [(f"{2:032x}",)]
    assert house.rows("SELECT shape FROM campaign_sites") == [("",)]
