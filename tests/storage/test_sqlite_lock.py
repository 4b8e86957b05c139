"""Who writes SQLite waits for the lock no longer than it may, and takes it when it is free."""

import sqlite3
from pathlib import Path
from threading import Event, Thread

import pytest

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.database import Database, LockPatience
from moderator.storage.base.sqlite_lock import begin_writing


def a_connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def test_who_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    first, second = (a_connection(tmp_path / "a.db") for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    has_lock = Event()

    def wait() -> None:
        begin_writing(second, 10_000, 5_000)
        has_lock.set()

    thread = Thread(target=wait, daemon=True)
    thread.start()
    assert not has_lock.is_set()
    first.execute("COMMIT")
    assert has_lock.wait(10)
    thread.join(10)
    assert second.execute("PRAGMA busy_timeout").fetchone() == (5_000,)


def test_who_waited_long_enough_is_told_that_it_is_locked(tmp_path: Path) -> None:
    first, second = (a_connection(tmp_path / "a.db") for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_writing(second, 5, 5_000)
    assert second.execute("PRAGMA busy_timeout").fetchone() == (5_000,)
    first.execute("COMMIT")
    begin_writing(second, 5, 5_000)


def test_what_is_wrong_otherwise_is_said_at_once(tmp_path: Path) -> None:
    connection = a_connection(tmp_path / "a.db")
    begin_writing(connection, 10_000, 5_000)
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        begin_writing(connection, 10_000, 5_000)


def test_the_database_says_that_it_was_locked(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", patience=LockPatience(0.01, 0.01))
    with database.read():
        pass
    other = a_connection(tmp_path / "a.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError) as told, database.write():
        pass
    assert told.value.cause is StorageCause.LOCKED
    database.close()
