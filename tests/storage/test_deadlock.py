"""Two transactions that wait for each other on PostgreSQL: one is rolled back and done again."""

import threading

import pytest
from sqlalchemy import Connection

from moderator.domain.queue import LEASES, Job
from moderator.storage.base.database import Database, DeadlockError, again_after_deadlock
from tests.builders import a_submission
from tests.house import House


def wait_until_blocked(connection: Connection) -> None:
    """Return when somebody waits for a lock; the test's time limit is the limit."""
    while not connection.exec_driver_sql("SELECT 1 FROM pg_locks WHERE NOT granted").all():
        pass


def test_the_victim_of_a_deadlock_works_again(postgres: Database) -> None:
    """We hold what a worker wants second, and then want what it took first."""
    house = House(postgres)
    house.send(*(a_submission(id=f"id{n}", platform_id=str(n)) for n in (1, 2)))
    tickets = house.queue.claim(Job.CHECK_LOCAL, 2, token="token0", lease=LEASES[Job.CHECK_LOCAL])
    worker = threading.Thread(
        target=house.store.finish, args=([(t, None) for t in tickets], [], [])
    )
    take = "SELECT id FROM queue WHERE id = %s FOR UPDATE"
    with postgres.write() as connection:
        # The one that looks for the deadlock is its victim: that shall be the worker.
        connection.exec_driver_sql("SET LOCAL deadlock_timeout = '1h'")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(take, (tickets[1].row,))
        worker.start()
        wait_until_blocked(connection)
        assert connection.exec_driver_sql(take, (tickets[0].row,)).all()
    worker.join()
    assert house.rows("SELECT id FROM queue") == []


def test_renewing_takes_rows_in_the_order_of_finishing(postgres: Database) -> None:
    """Whatever the submissions are called: the last one sent has the first id."""
    house = House(postgres)
    house.send(*(a_submission(id=f"id{9 - n}", platform_id=str(n)) for n in (1, 2)))
    tickets = house.queue.claim(Job.CHECK_LOCAL, 2, token="token0", lease=LEASES[Job.CHECK_LOCAL])
    asked = [(ticket.subject_id, ticket.site_id) for ticket in tickets]

    def renew() -> None:
        with postgres.write() as connection:
            house.queue.renew(connection, asked, house.queue.now())

    other = threading.Thread(target=renew)
    with postgres.write() as connection:
        house.queue.lock_rows(connection, tickets[:1])
        other.start()
        wait_until_blocked(connection)
        # Were the second row taken already, this would be the deadlock.
        connection.exec_driver_sql("SET LOCAL lock_timeout = 1")
        house.queue.lock_rows(connection, tickets[1:])
    other.join()
    assert house.rows("SELECT token FROM queue") == [(None,), (None,)]


def test_a_deadlock_that_comes_back_is_told() -> None:
    tried = []

    @again_after_deadlock
    def crossed() -> None:
        tried.append(1)
        raise DeadlockError("again")

    with pytest.raises(DeadlockError):
        crossed()
    assert len(tried) == 4
