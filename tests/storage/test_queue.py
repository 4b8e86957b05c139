"""Claims by lease: nobody works twice, nobody's death loses work, who is late is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import queue as queue_table
from tests.builders import NOON, a_site, a_submission
from tests.fakes import RULES
from tests.house import House

LEASE = timedelta(seconds=60)
OVER = timedelta(seconds=0)


@pytest.fixture
def queue(database: Database) -> Queue:
    SiteRows(database).add(a_site(), key_prefix="mod_x", key_digest="d", now=NOON)
    arrivals = [
        Arrival(Event.CREATED, a_submission(f"text {n}", id=f"id{n}", platform_id=str(n)), str(n))
        for n in range(3)
    ]
    IntakeRows(database).add(arrivals, RULES)
    return Queue(database)


def test_two_workers_share_without_overlap(queue: Queue) -> None:
    one = queue.claim(Job.CHECK_LOCAL, 2, token="a", lease=LEASE)
    two = queue.claim(Job.CHECK_LOCAL, 2, token="b", lease=LEASE)
    assert [t.subject_id for t in one] + [t.subject_id for t in two] == ["id0", "id1", "id2"]
    assert queue.claim(Job.CHECK_LOCAL, 2, token="c", lease=LEASE) == []


def test_a_dead_workers_rows_come_back_one_at_a_time(queue: Queue) -> None:
    queue.claim(Job.CHECK_LOCAL, 3, token="dead", lease=OVER)
    again = queue.claim(Job.CHECK_LOCAL, 3, token="b", lease=LEASE)
    assert len(again) == 1  # it may be poison: nobody else's claim is spoilt
    assert again[0].attempts == 2


@pytest.mark.parametrize(
    "ways", ["", "hashjoin mergejoin", "hashjoin mergejoin hashagg sort material"]
)
def test_a_claim_keeps_its_limit_whatever_the_planner_chooses(
    postgres: Database, ways: str
) -> None:
    """A sub-query that locks rows, asked again for each row, would lock the next each time."""
    with postgres.write() as connection:  # one thread: this connection is the one that claims
        for way in ways.split():
            connection.exec_driver_sql(f"SET enable_{way} = off")
    house = House(postgres)
    house.send(*(a_submission(f"{n}", id=f"{n}", platform_id=f"{n}") for n in range(9)))
    sizes = [
        len(house.queue.claim(Job.CHECK_LOCAL, limit, token="a", lease=OVER)) for limit in (4, 9, 9)
    ]
    assert sizes == [4, 5, 1]  # what was tried before comes alone


def test_a_late_worker_is_refused(queue: Queue, database: Database) -> None:
    queue.claim(Job.CHECK_LOCAL, 2, token="others", lease=LEASE)
    late = queue.claim(Job.CHECK_LOCAL, 1, token="late", lease=OVER)
    now = queue.claim(Job.CHECK_LOCAL, 1, token="now", lease=LEASE)
    assert late[0].row == now[0].row
    store = JudgingRows(database)
    store.finish([(late[0], None)], (), ())
    with database.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM queue").scalar_one()
    assert left == 3
    store.finish([(now[0], None)], (), ())
    with database.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM queue").scalar_one()
    assert left == 2


def test_handed_back_rows_are_as_if_never_claimed(queue: Queue) -> None:
    queue.hand_back(queue.claim(Job.CHECK_LOCAL, 3, token="a", lease=LEASE))
    again = queue.claim(Job.CHECK_LOCAL, 3, token="b", lease=LEASE)
    assert [t.attempts for t in again] == [1, 1, 1]


def test_a_released_row_waits_for_its_time(queue: Queue) -> None:
    ticket = queue.claim(Job.CHECK_LOCAL, 1, token="a", lease=LEASE)[0]
    queue.release(ticket, queue.now() + timedelta(hours=1))
    left = queue.claim(Job.CHECK_LOCAL, 3, token="b", lease=LEASE)
    assert ticket.subject_id not in [t.subject_id for t in left]


def test_the_oldest_due_is_known_per_job(queue: Queue) -> None:
    assert queue.oldest_due() == {Job.CHECK_LOCAL: a_submission().received_at}


def test_what_waits_behind_another_callback_is_not_due_yet(
    queue: Queue, database: Database
) -> None:
    due = to_ms(NOON)
    rows = [("first", "lane", due + 3_600_000), ("second", "lane", due), ("other", "free", due + 1)]
    with database.write() as connection:
        for subject, lane, at in rows:
            row = {"job": "deliver", "subject_id": subject, "site_id": "blog", "lane": lane}
            connection.execute(insert(queue_table).values(row | {"due_at": at}))
    assert queue.oldest_due()[Job.DELIVER] == NOON + timedelta(milliseconds=1)


def test_retries_are_not_starved_by_what_is_new(queue: Queue) -> None:
    tried = queue.claim(Job.CHECK_LOCAL, 1, token="dead", lease=OVER)[0]
    claimed = []
    for number in range(8):
        ticket = queue.claim(Job.CHECK_LOCAL, 1, token=f"t{number}", lease=LEASE)[0]
        claimed.append(ticket.subject_id)
        if ticket.subject_id != tried.subject_id:
            queue.hand_back([ticket])  # as if something new had come
    assert claimed.count(tried.subject_id) == 1


def test_a_flood_at_one_site_keeps_no_other_waiting(queue: Queue, database: Database) -> None:
    SiteRows(database).add(a_site(id="quiet"), key_prefix="mod_q", key_digest="q", now=NOON)
    flood = [a_submission(id=f"flood{n:03}", platform_id=f"f{n}") for n in range(60)]
    late = a_submission(id="late", site_id="quiet")
    IntakeRows(database).add(
        [Arrival(Event.CREATED, each, each.id) for each in [*flood, late]], RULES
    )
    turns = [queue.claim(Job.CHECK_LOCAL, 6, token=f"t{n}", lease=LEASE) for n in range(6)]
    assert "late" in [ticket.subject_id for tickets in turns for ticket in tickets]
    assert all(turns)  # where the others have nothing, the flood goes on


def test_a_flood_does_not_starve_retries(queue: Queue, database: Database) -> None:
    queue.claim(Job.CHECK_LOCAL, 3, token="dead", lease=OVER)
    flood = [a_submission(id=f"flood{n:03}", platform_id=f"f{n}") for n in range(60)]
    IntakeRows(database).add([Arrival(Event.CREATED, each, each.id) for each in flood], RULES)
    turns = [queue.claim(Job.CHECK_LOCAL, 3, token=f"t{n}", lease=LEASE) for n in range(16)]
    assert 2 in [ticket.attempts for tickets in turns for ticket in tickets]
