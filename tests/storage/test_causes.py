"""What a database says when it cannot: made to happen on real ones, and told apart."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base import database as module
from moderator.storage.base.causes import cause_of
from moderator.storage.base.database import Database, DeadlockError
from moderator.storage.schema.migrate import upgrade
from moderator.storage.upkeep.health import HealthRows
from moderator.usecases.operate.health import ADVICE, CheckHealth, HealthState
from tests.builders import NOON
from tests.databases import fresh

PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trouble.db"


@pytest.fixture
def sqlite(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    fresh(database)
    yield database
    database.close()


def tuned(database: Database, pragma: str) -> None:
    """Every connection from now on has this pragma."""
    database.engine.dispose()

    @event.listens_for(database.engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}")


def trouble(database: Database, sql: str, *, times: int = 1) -> StorageUnavailableError:
    with pytest.raises(StorageUnavailableError) as raised:
        run(database, sql, times)
    return raised.value


def run(database: Database, sql: str, times: int = 1) -> None:
    with database.write() as connection:
        for _ in range(times):
            connection.exec_driver_sql(sql)


def beat(database: Database) -> StorageUnavailableError:
    return trouble(database, "INSERT INTO pulse (name, seen_at) VALUES ('me', 1)")


def raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'inner detail' USING ERRCODE = '{state}'; END $$"


def test_a_full_sqlite(sqlite: Database) -> None:
    with sqlite.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    tuned(sqlite, f"max_page_count={pages}")
    large = "INSERT INTO fetch_accounts (name, until) VALUES (hex(randomblob(4096)), 1)"
    assert trouble(sqlite, large, times=20).cause is StorageCause.FULL


def test_a_locked_sqlite(sqlite: Database, path: Path) -> None:
    tuned(sqlite, "busy_timeout=0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert beat(sqlite).cause is StorageCause.LOCKED
    other.execute("ROLLBACK")
    other.close()


def test_a_sqlite_that_can_only_be_read(sqlite: Database) -> None:
    tuned(sqlite, "query_only=ON")
    assert beat(sqlite).cause is StorageCause.READ_ONLY


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM of_another_version",
        "SELECT of_another_version FROM pulse",
        "INSERT INTO pulse (name, seen_at, of_another_version) VALUES ('me', 1, 2)",
    ],
)
def test_a_schema_that_is_not_up_to_date(database: Database, sql: str) -> None:
    assert trouble(database, sql).cause is StorageCause.SCHEMA


def test_a_sqlite_that_cannot_be_opened(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'trouble.db'}")
    assert beat(database).cause is StorageCause.SILENT
    with pytest.raises(StorageUnavailableError):
        upgrade(database)


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_bytes(b"x" * 2 * PAGE)
    assert beat(Database(f"sqlite:///{path}")).cause is StorageCause.DAMAGED


def test_a_file_with_broken_pages(sqlite: Database, path: Path) -> None:
    with sqlite.write() as connection:
        connection.exec_driver_sql("INSERT INTO pulse (name, seen_at) VALUES ('me', 1)")
    sqlite.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:PAGE] + b"\xff" * (len(whole) - PAGE))
    assert trouble(sqlite, "SELECT * FROM pulse").cause is StorageCause.DAMAGED


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        ("53100", StorageCause.FULL),
        ("53200", StorageCause.BUSY),
        ("53300", StorageCause.BUSY),
        ("25006", StorageCause.READ_ONLY),
        ("40001", StorageCause.LOCKED),
        ("55P03", StorageCause.LOCKED),
        ("57014", StorageCause.BUSY),
        ("57P01", StorageCause.SILENT),
        ("57P03", StorageCause.SILENT),
        ("08006", StorageCause.SILENT),
        ("3D000", StorageCause.SILENT),
        ("58030", StorageCause.DAMAGED),
        ("XX001", StorageCause.DAMAGED),
    ],
)
def test_what_postgresql_says(postgres: Database, state: str, cause: StorageCause) -> None:
    found = trouble(postgres, raising(state))
    assert found.cause is cause
    assert "inner detail" not in str(found)


def test_a_deadlock_is_a_kind_of_lock(postgres: Database) -> None:
    found = trouble(postgres, raising("40P01"))
    assert isinstance(found, DeadlockError)
    assert found.cause is StorageCause.LOCKED


def test_a_postgresql_that_locks_or_takes_its_time(postgres: Database) -> None:
    with postgres.write() as holder:
        holder.exec_driver_sql("LOCK TABLE pulse")
        sql = "SET LOCAL lock_timeout = 1; INSERT INTO pulse (name, seen_at) VALUES ('me', 1)"
        assert trouble(postgres, sql).cause is StorageCause.LOCKED
    slow = "SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)"
    assert trouble(postgres, slow).cause is StorageCause.BUSY


def test_a_postgresql_that_goes_away(postgres: Database) -> None:
    gone = trouble(postgres, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert gone.cause is StorageCause.SILENT
    nobody = Database("postgresql://127.0.0.1:1/nowhere")
    assert beat(nobody).cause is StorageCause.SILENT


def test_a_postgresql_that_knows_no_such_database(postgres: Database) -> None:
    elsewhere = Database(postgres.engine.url.set(database="nowhere").render_as_string(False))  # noqa: FBT003
    assert beat(elsewhere).cause is StorageCause.SILENT


def test_all_connections_are_taken(sqlite: Database) -> None:
    one = Database(str(sqlite.engine.url), pool_size=1)
    pool = one.engine.pool
    pool._timeout, pool._max_overflow = 0.01, 0  # type: ignore[attr-defined]  # noqa: SLF001
    with one.read():
        assert beat(one).cause is StorageCause.BUSY
    one.close()


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT 1 FROM pulse WHERE", "SELECT max()"])
def test_a_slip_of_ours_is_no_trouble_of_the_database(database: Database, sql: str) -> None:
    with pytest.raises(DBAPIError) as raised:
        run(database, sql)
    assert cause_of(raised.value) is None


def test_a_row_that_may_not_be_is_no_trouble_of_the_database(database: Database) -> None:
    with pytest.raises(IntegrityError):
        run(database, "INSERT INTO pulse (name, seen_at) VALUES ('me', 1)", 2)


def test_the_database_is_back_when_the_trouble_is_over(database: Database) -> None:
    trouble(database, "SELECT * FROM of_another_version")
    run(database, "INSERT INTO pulse (name, seen_at) VALUES ('me', 1)")


def test_the_log_names_the_cause_once_in_a_while(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_told", {})
    with caplog.at_level(logging.WARNING, logger=module.__name__):
        for _ in range(3):
            trouble(database, "SELECT * FROM of_another_version")
    [line] = [record.getMessage() for record in caplog.records]
    assert "cause=schema" in line
    assert "of_another_version" in line


def test_every_cause_has_words_and_advice() -> None:
    assert {cause.words for cause in StorageCause} == {
        str(StorageUnavailableError(cause=cause)) for cause in StorageCause
    }
    assert set(ADVICE) == set(StorageCause)


def test_doctor_finds_what_reading_does_not(sqlite: Database, path: Path) -> None:
    examine = CheckHealth(HealthRows(sqlite), None)
    assert HealthState.FAIL not in {symptom.state for symptom in examine(NOON)[:1]}
    tuned(sqlite, "busy_timeout=0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    [found, *_] = examine(NOON)
    other.execute("ROLLBACK")
    other.close()
    assert (found.what, found.state) == ("database", HealthState.FAIL)
    assert (found.detail, found.cure) == (StorageCause.LOCKED.words, ADVICE[StorageCause.LOCKED])


def test_what_is_no_answer_of_a_database_has_no_cause() -> None:
    assert cause_of(SQLAlchemyError("a bug")) is None
