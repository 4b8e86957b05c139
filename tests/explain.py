"""Explains every statement at the moment it is sent, and counts the rows that it reads.

What a statement is explained with are its own parameters and the rows that are there just then, so
nothing has to be listed: whatever a piece of work sends is seen.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any  # drivers' connections are of no one type

from sqlalchemy import Connection, event

from moderator import storage
from moderator.storage.base.database import Database
from moderator.storage.schema.partial import WHERE
from moderator.storage.schema.tables import metadata

HOME = Path(storage.__file__).parent
PLUMBING = {"base.database", "base.engine", "base.bulk_sql", "base.sqlite_lock"}
# These hold what people enter by hand, one row per process, or what is looked at right now.
SMALL = {
    "akismet_keys", "alembic_version", "api_keys", "claims", "counted", "counters",
    "digests", "login_links",
    "moderator_sites",
    "moderators",
    "pulse", "rules", "site_layers", "site_secrets", "sites", "wordpress_blogs",
}  # fmt: skip
# What these hold is asked for by what they are, so nothing is left for a condition.
PARTIAL = {
    str(index.name)
    for table in metadata.tables.values()
    for index in table.indexes
    if WHERE in index.info
}
GIVEN = re.compile(
    r"SCAN (?:CONSTANT ROW|\d+ CONSTANT ROWS|\d+-ROW VALUES CLAUSE|\(|anon_\d+|edge_\d|k\b"
    r"|chosen\b)"
)
Raw = Any
Given = Any  # parameters as the driver takes them
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
STEPS = 100  # of SQLite's machine, between two looks at the count


@dataclass(slots=True)
class Seen:
    """One statement as it was sent: by whom, how it is executed, how much it read."""

    sender: str
    sql: str
    faults: tuple[str, ...] = ()
    work: float = 0.0  # rows read (PostgreSQL), or steps of SQLite's machine
    given: int = 1  # how many values it was sent with

    def __str__(self) -> str:
        return f"{self.sender}: {', '.join(self.faults) or self.work}: {self.sql[:300]}"


@dataclass(slots=True)
class Seeing:
    database: Database
    often: int = 2  # that the same text is explained; its parameters differ
    every: list[Seen] = field(default_factory=list)
    senders: set[str] = field(default_factory=set)
    _times: dict[str, int] = field(default_factory=dict)
    _now: Seen | None = None

    def note(
        self, connection: Connection, _cursor: object, sql: str, parameters: Given, *rest: Given
    ) -> None:
        self._now = None
        if not sql.lstrip().upper().startswith(EXPLAINED):
            return
        times = self._times[sql] = self._times.get(sql, 0) + 1
        sender = _sender()
        self.senders.add(sender)
        if times > self.often or not sender:
            return
        given = parameters[0] if rest[-1] and parameters else parameters  # the first of many
        faults, rows = explain(connection, sql, given)
        seen = Seen(sender, sql, faults, rows, _count(parameters))
        if not self.database.is_postgres:
            raw: Raw = connection.connection.dbapi_connection
            raw.set_progress_handler(self._step, STEPS)
            self._now = seen
        self.every.append(seen)

    def end(self) -> None:
        self._now = None

    def _step(self) -> None:
        if self._now is not None:
            self._now.work += STEPS


@contextmanager
def explaining(database: Database) -> Iterator[Seeing]:
    """Everything that moderator/storage sends meanwhile."""
    seeing = Seeing(database)
    event.listen(database.engine, "before_cursor_execute", seeing.note)
    yield seeing
    seeing.end()
    event.remove(database.engine, "before_cursor_execute", seeing.note)


def place_of(path: Path) -> str:
    """The module's name below moderator.storage; '' of what lies elsewhere."""
    if not path.is_relative_to(HOME):
        return ""
    return ".".join(path.relative_to(HOME).with_suffix("").parts)


@cache
def _place_of_file(name: str) -> str:
    return place_of(Path(name))


def _sender() -> str:
    """The function of moderator/storage that sends; '' when a test itself does."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001  # who asks is what is asked
    while frame is not None:
        place = _place_of_file(frame.f_code.co_filename)
        if place and place not in PLUMBING:
            return f"{place}.{frame.f_code.co_qualname.partition('.<locals>')[0]}"
        frame = frame.f_back
    return ""


def _count(parameters: Given) -> int:
    if isinstance(parameters, Sequence):
        return sum(len(one) if isinstance(one, Mapping | tuple) else 1 for one in parameters) or 1
    return len(parameters) or 1


def explain(connection: Connection, sql: str, parameters: object) -> tuple[tuple[str, ...], float]:
    """What is wrong with how a statement is executed, and (on PostgreSQL) how many rows it reads.

    On PostgreSQL it is really executed, to count the rows; then that is taken back.
    """
    raw: Raw = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        return _sqlite(raw, sql, parameters), 0.0
    return _postgres(raw, sql, parameters)


def _sqlite(raw: Raw, sql: str, parameters: object) -> tuple[str, ...]:
    rows = raw.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    details = [str(row[3]) for row in rows]
    return tuple(
        detail
        for detail in details
        if "AUTOMATIC" in detail or (detail.startswith("SCAN") and not _is_small(detail))
    )


def _is_small(detail: str) -> bool:
    words = detail.split()
    return bool(GIVEN.match(detail)) or words[1] in SMALL or words[-1] in PARTIAL


def _postgres(raw: Raw, sql: str, parameters: object) -> tuple[tuple[str, ...], float]:
    raw.execute("SAVEPOINT explained")
    how = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, FORMAT JSON) "
    (found,) = raw.execute(how + sql, parameters, prepare=False).fetchone()
    raw.execute("ROLLBACK TO SAVEPOINT explained")
    plan = json.loads(found) if isinstance(found, str) else found
    nodes = list(_nodes(plan[0]["Plan"]))
    faults = tuple(fault for node in nodes if (fault := _fault(node)))
    return faults, sum(_rows(node) for node in nodes)


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    parts: Sequence[Mapping[str, Any]] = plan.get("Plans", ())
    for part in parts:
        yield from _nodes(part)


def _fault(node: Mapping[str, Any]) -> str:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    index = node.get("Index Name", "")
    if table.startswith("pg_"):
        return ""
    if kind.endswith("Seq Scan") and table not in SMALL:
        return f"{kind} on {table}"
    is_index = kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    is_whole = is_index and "Index Cond" not in node and index not in PARTIAL
    return f"{kind} of all of {index}" if is_whole and table not in SMALL else ""


def _rows(node: Mapping[str, Any]) -> float:
    if "Scan" not in node["Node Type"]:
        return 0.0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node.get("Actual Rows", 0) + removed) * node.get("Actual Loops", 1))
