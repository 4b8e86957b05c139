"""Opens the database and runs transactions: the one place that knows SQLite from PostgreSQL."""

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar  # what a driver returns is typed by nobody

from sqlalchemy import Connection, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError

from moderator.domain.decisions.metrics import Note
from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.causes import DEADLOCK, cause_of, code_of, own_words, sqlstate
from moderator.storage.base.engine import build_engine
from moderator.storage.base.in_time import answer_in_time
from moderator.storage.base.masking import Masking
from moderator.storage.base.notes import begin_notes
from moderator.storage.base.times import from_ms

Parameters = dict[str, object]
Given = ParamSpec("Given")
Result = TypeVar("Result")

TURNS = 4  # of a transaction that PostgreSQL chose as a deadlock's victim

PATIENCE_DIVISOR = 10  # parts of its patience that a writer may wait without having less of it
LOG_INTERVAL_SECONDS = 10.0  # seconds between two lines in the log about the same cause

log = logging.getLogger(__name__)
_told: dict[StorageCause, float] = {}

# One time for the whole statement, so that an index can be asked.
POSTGRES_NOW = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint"


@dataclass(frozen=True, slots=True)
class LockPatience:
    """Seconds that a write waits for the database: at first, and where that was in vain a moment
    ago.
    """

    first: float = 10.0
    again: float = 10.0


# A site is answered within two seconds, and sends again what was not taken.
OF_THE_WEB = LockPatience(first=1.0, again=0.05)
FAILED_LATELY_SECONDS = 3.0  # seconds after a write that failed


class DeadlockError(StorageUnavailableError):
    """Two transactions waited for each other, and ours was rolled back."""


@contextmanager
def telling_apart() -> Iterator[None]:
    """Raises StorageUnavailableError for the database's own trouble; faults of ours go on."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = cause_of(error)
        if cause is None:
            raise
        if sqlstate(error) == DEADLOCK:
            raise DeadlockError("The database was asked crosswise", cause) from error
        why = own_words(error, cause)
        _tell(cause, error, why)
        raise StorageUnavailableError(cause=cause, why=why) from error


def _tell(cause: StorageCause, error: SQLAlchemyError, why: str) -> None:
    """Log it, each cause once in a while: every request of a flood meets the same trouble."""
    now = time.monotonic()
    if now - _told.get(cause, float("-inf")) < LOG_INTERVAL_SECONDS:
        return
    _told[cause] = now
    more = f" {why}" if why else ""
    log.warning("event=storage_unavailable cause=%s code=%s%s", cause, code_of(error), more)


def again_after_deadlock(transaction: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run a whole transaction again when it was a deadlock's victim.

    Rows are taken in one order wherever several are taken; this is for the crossings that are left.
    Raises DeadlockError when it happens TURNS times in a row.
    """

    @functools.wraps(transaction)
    def repeated(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        for _ in range(TURNS - 1):
            try:
                return transaction(*args, **kwargs)
            except DeadlockError:
                log.warning("event=deadlock in=%s", transaction.__qualname__)
        return transaction(*args, **kwargs)

    return repeated


class Statement:
    """A hot statement: compiled once per dialect, then handed to the driver as a string."""

    def __init__(self, sql: str) -> None:
        self._text = text(sql)
        self._compiled: dict[str, str] = {}

    def run(
        self, connection: Connection, parameters: Parameters | Sequence[Parameters]
    ) -> CursorResult[*tuple[Any, ...]]:
        name = connection.dialect.name
        sql = self._compiled.get(name)
        if sql is None:
            sql = str(self._text.compile(dialect=connection.dialect))
            self._compiled[name] = sql
        return connection.exec_driver_sql(sql, parameters)


class Database:
    """An engine with our transaction rules.

    `write()` begins IMMEDIATE on SQLite, so that two writers queue instead of failing late;
    `read()` sees one snapshot. Both raise StorageUnavailableError when the database does not
    answer, is locked, full, damaged or not up to date. `in_time` ends every wait for PostgreSQL
    (in_time.py); who asks what may take long does without. `is_pooled`: a session of PostgreSQL is
    ours for one transaction only (engine.py). `hear` is told what was committed.
    """

    def __init__(
        self,
        url: str,
        *,
        synchronous: str = "FULL",
        pool_size: int = 8,
        patience: LockPatience = LockPatience(),  # frozen
        in_time: bool = False,
        hear: Callable[[Sequence[Note]], object] = lambda _: None,
    ) -> None:
        self.engine, self.is_pooled = build_engine(url, synchronous, pool_size, patience.first)
        if in_time and self.engine.dialect.name == "postgresql":
            answer_in_time(self.engine)
        self._patience = patience
        self._hear = hear
        self._failed: tuple[float, StorageUnavailableError] | None = None
        self._writing = threading.Lock()
        self.mask = Masking(self.read)
        self.is_postgres = self.engine.dialect.name == "postgresql"
        # In a statement that is handed `now` where that is this machine's clock.
        self.now_sql = POSTGRES_NOW if self.is_postgres else ":now"
        self.skip_locked = " FOR UPDATE SKIP LOCKED" if self.is_postgres else ""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        try:
            with self._transaction(immediate=True) as connection:
                notes = begin_notes(connection)
                yield connection
        except StorageUnavailableError as error:
            # On PostgreSQL what is locked is a row, and the others can be written.
            if not (self.is_postgres and error.cause is StorageCause.LOCKED):
                self._failed = (time.monotonic(), error)
            raise
        self._failed = None
        if notes:
            self._hear(notes)

    def failed_lately(self) -> StorageUnavailableError | None:
        """Return why the last write failed, unless that is long ago."""
        failed = self._failed
        return (
            failed[1] if failed and time.monotonic() - failed[0] < FAILED_LATELY_SECONDS else None
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._transaction(immediate=False) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, immediate: bool) -> Iterator[Connection]:
        turn = self._turn(immediate=immediate)
        with turn as left, telling_apart(), self.engine.connect() as connection:
            connection.info["immediate"] = immediate
            if immediate:
                connection.info["wanted_ms"] = int(left * 1000)
            with connection.begin():
                yield connection

    @contextmanager
    def _turn(self, *, immediate: bool) -> Iterator[float]:
        """Yields how many seconds are left to wait for the database.

        On SQLite writers of one process take turns here: what waits for its lock only looks again
        now and then, and many of them starve each other.
        """
        if not immediate or self.is_postgres:
            yield self._patience.first
            return
        patience = self._patience.again if self.failed_lately() else self._patience.first
        began = time.monotonic()
        if not self._writing.acquire(timeout=patience):
            raise StorageUnavailableError(cause=StorageCause.LOCKED)
        try:
            waited = time.monotonic() - began
            yield (
                patience
                if waited < patience / PATIENCE_DIVISOR
                else max(patience - waited, patience / PATIENCE_DIVISOR)
            )
        finally:
            self._writing.release()

    def now(self) -> datetime:
        """The database's clock (on SQLite, this machine's): one clock for all workers."""
        if not self.is_postgres:
            return datetime.now(UTC)  # noqa: TID251  # this is the clock that others are handed
        with self.read() as connection:
            sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
            return from_ms(connection.exec_driver_sql(sql).scalar_one())

    def close(self) -> None:
        self.engine.dispose()
