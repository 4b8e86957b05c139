"""How long a write waits for a database that failed a moment ago, and who is told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.database import Database, LockPatience
from tests.databases import fresh

ROW = "INSERT INTO pulse (name, seen_at) VALUES ('row', 1)"
TAKE = "SELECT 1 FROM pulse WHERE name = 'row' FOR UPDATE"
ONCE = LockPatience(first=0.05, again=0.05)


def write(database: Database, sql: str = "DELETE FROM pulse") -> None:
    with database.write() as connection:
        connection.exec_driver_sql(sql)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield


def refused(database: Database, sql: str = "DELETE FROM pulse") -> StorageCause:
    with pytest.raises(StorageUnavailableError) as raised:
        write(database, sql)
    return raised.value.cause


def opened(path: Path, patience: LockPatience) -> Database:
    database = Database(f"sqlite:///{path}", patience=patience)
    fresh(database)
    return database


def test_a_failure_is_remembered_until_a_write_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with closing(opened(path, ONCE)) as database:
        with locked(path):
            assert refused(database) is StorageCause.LOCKED
        failed = database.failed_lately()
        assert failed is not None
        assert failed.cause is StorageCause.LOCKED
        write(database)
        assert database.failed_lately() is None


def test_a_locked_row_stops_no_other_write(postgres: Database) -> None:
    write(postgres, ROW)
    url = postgres.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, patience=ONCE)) as other, postgres.write() as holding:
        holding.exec_driver_sql(TAKE)
        assert refused(other, TAKE) is StorageCause.LOCKED
        assert other.failed_lately() is None
        write(other, "INSERT INTO pulse (name, seen_at) VALUES ('other', 1)")
