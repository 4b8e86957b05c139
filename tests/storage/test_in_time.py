"""A server that takes what we say and answers nothing: whoever asked is told so, and goes on."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Connection

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base import in_time
from moderator.storage.base.database import Database


@contextmanager
def hung(connection: Connection) -> Iterator[None]:
    """The server's own process for this connection does nothing for a while."""
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    try:
        os.kill(pid, signal.SIGSTOP)
    except (ProcessLookupError, PermissionError):
        pytest.skip("the server's processes are not on this machine, or not ours")
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "SECONDS", 0.3)


@pytest.mark.usefixtures("soon")
def test_an_answer_that_does_not_come_is_waited_for_no_longer(postgres_url: str) -> None:
    with closing(Database(postgres_url, in_time=True)) as database:
        with (
            pytest.raises(StorageUnavailableError) as raised,
            database.read() as connection,
            hung(connection),
        ):
            connection.exec_driver_sql("SELECT 1")
        assert raised.value.cause is StorageCause.SILENT
        with database.read() as connection:  # over a connection of its own
            assert connection.exec_driver_sql("SELECT 2").scalar_one() == 2


def written_while_it_hangs(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE mine (id integer)")
        with hung(connection):
            connection.commit()


@pytest.mark.usefixtures("soon")
def test_a_commit_is_not_waited_for_either(postgres_url: str) -> None:
    with closing(Database(postgres_url, in_time=True)) as database:
        with pytest.raises(StorageUnavailableError):
            written_while_it_hangs(database)
        assert database.failed_lately() is not None


def pid(database: Database) -> object:
    with database.read() as connection:
        return connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()


def too_long(database: Database) -> None:
    with database.read() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)")


@pytest.mark.usefixtures("soon")
def test_what_the_server_refuses_closes_nothing(postgres_url: str) -> None:
    with closing(Database(postgres_url, in_time=True)) as database:
        first = pid(database)
        with pytest.raises(StorageUnavailableError) as raised:
            too_long(database)
        assert raised.value.cause is StorageCause.BUSY
        assert pid(database) == first
