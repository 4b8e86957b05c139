"""One clock for all who share a database, and what is mended when it is set back."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.queue import Job
from moderator.storage.base import clock as module
from moderator.storage.base.clock import DatabaseClock
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.queue import Queue
from moderator.storage.upkeep.clock_set_back import ClockSetBack
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.usecases.run.sweep import SET_BACK

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=30)


class Elsewhere(Database):
    """A database on a machine whose clock is two hours ahead; it can be away."""

    is_away = False
    asked = 0

    def now(self) -> datetime:
        self.asked += 1
        if self.is_away:
            raise StorageUnavailableError
        return super().now() + 2 * HOUR


@pytest.fixture
def elsewhere(postgres_url: str) -> Iterator[Elsewhere]:
    with closing(Elsewhere(postgres_url)) as database:
        yield database


def is_about(told: datetime, wanted: datetime) -> bool:
    return abs(told - wanted) < timedelta(minutes=1)


def test_it_is_the_databases_time_and_goes_on_while_that_is_away(elsewhere: Elsewhere) -> None:
    clock = DatabaseClock(elsewhere)
    assert is_about(clock(), datetime.now(UTC) + 2 * HOUR)
    elsewhere.is_away = True
    assert is_about(clock(), datetime.now(UTC) + 2 * HOUR)


def test_the_database_is_not_asked_each_time(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOLD_SECONDS", 1e9)
    clock = DatabaseClock(elsewhere)
    assert len({clock() for _ in range(5)}) > 1
    assert elsewhere.asked == 1


def test_until_it_answers_it_is_this_machines_time(elsewhere: Elsewhere) -> None:
    elsewhere.is_away = True
    assert is_about(DatabaseClock(elsewhere)(), datetime.now(UTC))


class SlowAtFirst(Elsewhere):
    """Its first answer comes when it is let go."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_asked, self.go_on = threading.Event(), threading.Event()

    def now(self) -> datetime:
        self.is_asked.set()
        assert self.go_on.wait(20)
        return super().now()


def test_nobody_goes_by_another_clock_while_the_first_answer_comes(postgres_url: str) -> None:
    with closing(SlowAtFirst(postgres_url)) as database, ThreadPoolExecutor(2) as threads:
        clock = DatabaseClock(database)
        first = threads.submit(clock)
        assert database.is_asked.wait(20)
        second = threads.submit(clock)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        database.go_on.set()
        wanted = datetime.now(UTC) + 2 * HOUR
        assert is_about(first.result(), wanted)
        assert is_about(second.result(), wanted)


def queued(database: Database, name: str, due_in: timedelta) -> None:
    with database.write() as connection:
        due = to_ms(database.now() + due_in)
        connection.exec_driver_sql(
            f"INSERT INTO queue (job, subject_id, due_at) VALUES ('check', '{name}', {due})"  # noqa: S608  # our own words
        )


def test_what_lies_an_hour_ahead_is_due_again_and_what_is_due_stays(database: Database) -> None:
    queued(database, "late", -HOUR)
    queued(database, "ahead", HOUR)
    queued(database, "soon", timedelta(seconds=20))
    queued(database, "next week", timedelta(days=7))
    queue = Queue(database)
    before = queue.oldest_due()[Job.CHECK_LOCAL]
    assert [t.subject_id for t in queue.claim(Job.CHECK_LOCAL, 9, token="a", lease=HOUR)] == [
        "late"
    ]
    ClockSetBack(database).mend(HOUR)
    claimed = queue.claim(Job.CHECK_LOCAL, 9, token="b", lease=LEASE)
    assert {ticket.subject_id for ticket in claimed} == {"ahead", "soon"}
    # A lease that was taken by the earlier time ends as well.
    assert [t.subject_id for t in queue.claim(Job.CHECK_LOCAL, 9, token="c", lease=LEASE)] == [
        "late"
    ]
    assert is_about(before, database.now() - HOUR)


def test_signs_of_life_from_the_future_are_from_now(database: Database) -> None:
    times, heart = ClockSetBack(database), HeartbeatRows(database)
    assert times.ahead() < SET_BACK
    heart.beat("web", "one")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE pulse SET seen_at = seen_at + 3600000")
    assert timedelta(minutes=59) < times.ahead() <= HOUR
    times.mend(HOUR)
    assert times.ahead() < SET_BACK
    assert is_about(heart.seen_at()["web"], database.now())


class SetBack(Database):
    """A database whose clock went back an hour after its sessions had begun."""

    def now(self) -> datetime:
        return super().now() - HOUR


def test_who_stood_still_in_a_transaction_before_holds_its_rows_no_longer(
    postgres: Database, postgres_url: str
) -> None:
    queued(postgres, "locked", timedelta(0))
    lock = "SELECT id FROM queue WHERE subject_id = 'locked' FOR UPDATE"
    with closing(SetBack(postgres_url)) as database, postgres.engine.connect() as idle:
        idle.exec_driver_sql(lock)
        ClockSetBack(postgres).mend(HOUR)  # its time-outs are right: it is left alone
        idle.exec_driver_sql("SELECT 1")
        ClockSetBack(database).mend(HOUR)
        with database.write() as connection:  # waits until the other has ended
            assert connection.exec_driver_sql(lock).all()
        with pytest.raises(OperationalError):
            idle.exec_driver_sql("SELECT 1")


def told(database: Database, *, decided_in: timedelta, due_in: timedelta, attempts: int) -> None:
    """A callback that waits."""
    now = database.now()
    row = {"now": to_ms(now + decided_in), "due": to_ms(now + due_in), "attempts": attempts}
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO deliveries (id, site_id, body, created_at) VALUES ('a', 'b', '', :now)"
            ),
            row,
        )
        connection.execute(
            text(
                "INSERT INTO queue (job, subject_id, due_at, attempts)"
                " VALUES ('deliver', 'a', :due, :attempts)"
            ),
            row,
        )


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("decided_in", "due_in", "ahead"),
    [
        (HOUR, HOUR + SECOND, HOUR),
        (HOUR, timedelta(), timedelta()),  # mended, and not sent yet
        (-SECOND, HOUR, timedelta()),  # somebody may undo it for an hour
    ],
)
def test_a_callback_that_was_decided_later_than_now_tells_of_a_clock_that_was_ahead(
    database: Database, decided_in: timedelta, due_in: timedelta, ahead: timedelta
) -> None:
    told(database, decided_in=decided_in, due_in=due_in, attempts=0)
    assert is_about(database.now() + ClockSetBack(database).ahead(), database.now() + ahead)


def test_another_try_a_day_ahead_tells_of_nothing(database: Database) -> None:
    told(database, decided_in=-HOUR, due_in=24 * HOUR, attempts=3)
    assert ClockSetBack(database).ahead() < SET_BACK


@pytest.mark.parametrize("attempts", [0, 2])
def test_what_is_to_be_judged_in_an_hour_tells_of_a_clock_that_was_ahead(
    database: Database, attempts: int
) -> None:
    queued(database, "late", LEASE)
    assert ClockSetBack(database).ahead() < SET_BACK
    queued(database, "ahead", HOUR)
    with database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE queue SET attempts = {attempts} WHERE subject_id = 'ahead'"  # noqa: S608  # a number
        )
    times = ClockSetBack(database)
    by = times.ahead()
    assert timedelta(minutes=58) < by < HOUR
    times.mend(by)
    assert times.ahead() < SET_BACK
