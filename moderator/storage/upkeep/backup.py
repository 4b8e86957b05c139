"""Writes all rows to a file and reads them back: one format for SQLite and PostgreSQL.

JSON lines, packed with gzip: a head, for each table its name and columns and then its rows, and an
end that counts them. Bytes are base64. What was not read to its end is not restored.
"""

import base64
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TextIO, cast

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, LargeBinary, MetaData, Table, insert, inspect, select, text

from moderator.domain.errors import ConflictError, MalformedError
from moderator.storage.base.database import Database, telling_apart
from moderator.storage.schema.migrate import config, revision_of, upgrade

FORMAT, VERSION = "moderator-backup", 1
OF_ALEMBIC = "alembic_version"
AT_ONCE = 500  # rows that one statement writes
MOST_LINE = 64 << 20  # characters of a line

Counts = dict[str, int]
Told = Callable[[int], object]
Row = list[object]


class Backups:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, file: BinaryIO, made_at: str, told: Told) -> Counts:
        """Write all rows as they were at one moment; return how many of each table.

        `told` hears how many were written so far. Raises StorageUnavailableError.
        """
        with (
            gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed,
            io.TextIOWrapper(packed, "utf-8", newline="\n") as out,
            self._database.read() as connection,
        ):
            self._stand_still(connection)
            head = {"format": FORMAT, "version": VERSION, "made_at": made_at}
            _line(out, head | {"revision": revision_of(connection)})
            counts = {}
            for table in _tables(connection):
                _line(out, {"table": table.name, "columns": [each.name for each in table.columns]})
                counts[table.name] = self._write_rows(connection, table, out, told)
            _line(out, {"end": counts})
        return counts

    def _stand_still(self, connection: Connection) -> None:
        """One moment for all tables: SQLite reads so anyway."""
        if self._database.is_postgres:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {name} = 0")
            connection.exec_driver_sql("SET LOCAL enable_seqscan = on")

    def _write_rows(self, connection: Connection, table: Table, out: TextIO, told: Told) -> int:
        count = 0
        streamed = connection.execution_options(yield_per=AT_ONCE)
        for row in streamed.execute(select(table)):
            _line(out, [_told(value) for value in row])
            count += 1
            if count % AT_ONCE == 0:
                told(AT_ONCE)
        told(count % AT_ONCE)
        return count

    def restore(self, file: BinaryIO, told: Told) -> Counts:
        """Read a backup into a database without submissions and sites: all of it or nothing.

        The schema becomes that of the backup, and then this version's. Raises ConflictError where
        the database holds something, MalformedError where the file is none, was cut off, or is
        younger than we are.
        """
        lines = _lines(file)
        head = _head(lines)
        self._prepare(str(head["revision"]))
        with self._database.write() as connection:
            if self._database.is_postgres:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            tables = {each.name: each for each in _tables(connection)}
            _empty(connection, tables.values())
            counts = _Restoring(connection, tables, told)(lines)
            if self._database.is_postgres:
                _count_on(connection, tables.values())
        upgrade(self._database)
        return counts

    def _prepare(self, revision: str) -> None:
        scripts = ScriptDirectory.from_config(config(self._database))
        if revision not in {each.revision for each in scripts.walk_revisions()}:
            raise MalformedError("The backup was made by a later version of moderator")
        with self._database.read() as connection:
            names = set(inspect(connection).get_table_names())
            for name in names & {"submissions", "sites"}:
                if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first():  # noqa: S608
                    raise ConflictError(f"The database is not empty: there are {name}")
        if names:
            self._drop_all()
        with telling_apart():
            command.upgrade(config(self._database), revision)

    def _drop_all(self) -> None:
        with self._database.write() as connection:
            metadata = MetaData()
            metadata.reflect(connection)
            metadata.drop_all(connection)


def _tables(connection: Connection) -> list[Table]:
    """In an order in which each comes after those that it names."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name != OF_ALEMBIC]


@dataclass(slots=True)
class _Place:
    table: Table
    names: list[str]
    is_bytes: list[bool]

    def values(self, row: Row) -> dict[str, object]:
        if len(row) != len(self.names):
            raise MalformedError(f"A row of {self.table.name} has not as many values as it should")
        return {
            name: base64.b64decode(str(value)) if raw and value is not None else value
            for name, value, raw in zip(self.names, row, self.is_bytes, strict=True)
        }


class _Restoring:
    """Writes the rows of a backup in their tables' order."""

    def __init__(self, connection: Connection, tables: Mapping[str, Table], told: Told) -> None:
        self._connection = connection
        self._tables = tables
        self._told = told
        self._place: _Place | None = None
        self._rows: list[dict[str, object]] = []
        self.counts: Counts = {}

    def __call__(self, lines: Iterable[object]) -> Counts:
        for line in lines:
            if isinstance(line, list):
                self._add(line)
            elif self._turn(cast("dict[str, object]", line)):
                return self.counts
        raise MalformedError("The backup was cut off")

    def _add(self, row: Row) -> None:
        if self._place is None:
            raise MalformedError("A row stands before its table")
        self._rows.append(self._place.values(row))
        if len(self._rows) == AT_ONCE:
            self._write()

    def _turn(self, said: dict[str, object]) -> bool:
        """Turn to the next table; True at the end."""
        self._write()
        if "end" in said:
            if said["end"] != self.counts:
                raise MalformedError("The backup says otherwise than it holds")
            return True
        self._place = _place(self._tables, said)
        self.counts[self._place.table.name] = 0
        return False

    def _write(self) -> None:
        if self._place is None or not self._rows:
            return
        self._connection.execute(insert(self._place.table), self._rows)
        self.counts[self._place.table.name] += len(self._rows)
        self._told(len(self._rows))
        self._rows = []


def _place(tables: Mapping[str, Table], said: dict[str, object]) -> _Place:
    table = tables.get(str(said.get("table")))
    names = said.get("columns")
    if table is None or not isinstance(names, list) or set(names) - set(table.columns.keys()):
        raise MalformedError("The backup names what its version does not have")
    raw = [isinstance(table.columns[name].type, LargeBinary) for name in names]
    return _Place(table, names, raw)


def _empty(connection: Connection, tables: Iterable[Table]) -> None:
    """What migrations write by themselves is in the backup as well."""
    for table in reversed(list(tables)):
        connection.execute(table.delete())


def _count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL's own numbers go on behind the highest that was restored."""
    for table in tables:
        for column in table.primary_key.columns:
            named = {"table": table.name, "column": column.name}
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"), named
            ).scalar()
            if sequence:
                highest = f"SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name}"  # noqa: S608
                connection.execute(
                    text(f"SELECT setval(:sequence, ({highest}), false)"),
                    {"sequence": sequence},
                )


def _told(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _line(out: TextIO, value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(file: BinaryIO) -> Iterator[object]:
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as packed:
            while line := packed.readline(MOST_LINE):
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise MalformedError(f"The backup cannot be read: {error}") from error


def _head(lines: Iterator[object]) -> dict[str, object]:
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise MalformedError("The file is no backup of moderator")
    if head.get("version") != VERSION or not isinstance(head.get("revision"), str):
        raise MalformedError("The backup was made by a later version of moderator")
    return head
