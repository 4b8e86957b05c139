"""Builds the engine of a database: how SQLite and PostgreSQL are opened, and what is set there.

A pooler that hands out sessions of PostgreSQL for one transaction each (pgbouncer's pool_mode
transaction) is named in the URL: `?pooling=transaction`.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from moderator.storage.base.private import keep_private
from moderator.storage.base.sqlite_lock import begin_writing

POSTGRES_SETTINGS = {
    "statement_timeout": 5_000,
    # What a process had locked that vanished, or stands still, keeps everybody else so long.
    "idle_in_transaction_session_timeout": 5_000,
    # Every statement of ours looks a few rows up by an index. Without fresh statistics the planner
    # would guess otherwise: read a whole table, or all that a LIMIT would have spared.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


def build_engine(
    url: str, synchronous: str, pool_size: int, patience: float
) -> tuple[Engine, bool]:
    """The engine, and whether its sessions are ours for one transaction only.

    `patience` is in seconds.
    """
    parsed = make_url(url)
    is_pooled = parsed.query.get("pooling") == "transaction"
    parsed = parsed.difference_update_query(["pooling"])
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            paramstyle="named",
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=8,
            pool_timeout=patience,
            connect_args={"timeout": patience, "check_same_thread": False},
        )
        _tune_sqlite(engine, synchronous, int(patience * 1000))
        return engine, False
    wanted = _wanted(patience)
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=8,
        pool_timeout=min(3.0, patience),
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": 2 if patience < 3 else 3,  # noqa: PLR2004  # seconds; libpq's least
            "tcp_user_timeout": 10_000,
            # Prepared statements belong to a session, and a pooler takes no options.
            "options": "" if is_pooled else _as_options(wanted),
            "prepare_threshold": None if is_pooled else 2,
        },
    )
    if is_pooled:
        _tune_each_transaction(engine, wanted)
    return engine, is_pooled


def _wanted(patience: float) -> dict[str, object]:
    """What we want of a session of PostgreSQL, by the names of its settings."""
    return {**POSTGRES_SETTINGS, "lock_timeout": int(min(2.0, patience) * 1000)}


def _as_options(wanted: Mapping[str, object]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in wanted.items())


def _tune_each_transaction(engine: Engine, wanted: Mapping[str, object]) -> None:
    """Where the next transaction may have another session, each says anew what it wants."""
    sql = "; ".join(f"SET LOCAL {name} = {value}" for name, value in wanted.items())

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(sql)


def _tune_sqlite(engine: Engine, synchronous: str, patience_ms: int) -> None:
    file = engine.url.database

    @event.listens_for(engine, "do_connect")
    def _before_connect(*_: object) -> None:
        if file and file != ":memory:" and not file.startswith("file:"):
            with suppress(OSError):  # SQLite says what is wrong with it
                keep_private(file)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a sqlite3.Connection
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            f"busy_timeout={patience_ms}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-32768",
            # Among a million rows each comment touches pages of its own: copying them into the
            # database every 1,000 pages (the default) cost a third of all CPU. 32 MB of WAL.
            "wal_autocheckpoint=8000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        wanted = connection.info.pop("wanted_ms", patience_ms)
        if not connection.info.pop("immediate", True):
            connection.exec_driver_sql("BEGIN")
            return
        try:
            begin_writing(connection.connection.dbapi_connection, wanted, patience_ms)
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
