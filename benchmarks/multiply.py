"""Fills a database with many times the rows that a commit judged itself, whatever its schema is.

Rows are copied within the database; what a copy must not share with its original is told from the
values, not from names: identifiers and times move, MARK gives way to the number of the copy, and
the author stays, so that histories grow. All are older than the fortnight in which near copies are
remembered. What is counted of authors is multiplied. Queue, idempotency keys and phrases are not
kept so long, and stay empty.
"""

import re
import time
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Integer, MetaData, Table, create_engine, inspect, text

from benchmarks.comments import MARK

DAY = 86_400_000  # milliseconds
OLDEST, NEWEST = 75 * DAY, 15 * DAY  # before now
SHORT_LIVED = ("queue", "intake_keys", "phrases")
AT_ONCE = 10  # copies that one statement makes
LIKE_ID = re.compile(r"((?:[a-z]+_)?)([0-9a-f]{32,64})")
FAST = {
    "sqlite": ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF",
               "PRAGMA cache_size=-500000", "PRAGMA temp_store=MEMORY"),
    "postgresql": ("SET session_replication_role=replica", "SET synchronous_commit=off",
                   "SET maintenance_work_mem='256MB'"),
}  # fmt: skip
AFTERWARDS = {
    "sqlite": ("PRAGMA journal_mode=WAL",),
    "postgresql": ("VACUUM ANALYZE", "CHECKPOINT"),
}
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND sql NOT LIKE 'CREATE UNIQUE%' AND tbl_name = :table",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " AND indexdef NOT LIKE 'CREATE UNIQUE%' AND tablename = :table",
}
Columns = dict[str, list[object]]  # the values of each, without NULL and ''


@dataclass(frozen=True, slots=True)
class Copying:
    """How one table's rows are copied: an expression per column over `n`, the copy's number."""

    table: str
    columns: dict[str, str]

    def statement(self, first: int, end: int) -> str:
        """Make the copies `first` to `end - 1` of what stands in `judged`."""
        return (
            f"INSERT INTO {self.table} ({', '.join(self.columns)}) WITH RECURSIVE numbers (n) AS"  # noqa: S608
            f" (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {end - 1})"
            f" SELECT {', '.join(self.columns.values())} FROM numbers CROSS JOIN judged"
        )


@dataclass(frozen=True, slots=True)
class Sql:
    """The expressions, in one dialect. `now` is in milliseconds since 1970."""

    is_postgres: bool
    now: int
    copies: int

    @property
    def moved(self) -> str:
        """By how many milliseconds a time moves: a negative number."""
        return f"(CAST(n AS BIGINT) * {max(1, (OLDEST - NEWEST) // self.copies)} - {OLDEST})"

    def marked(self, value: str) -> str:
        number = f"printf('%0{len(MARK)}d', n)"
        if self.is_postgres:
            number = f"lpad(CAST(n AS text), {len(MARK)}, '0')"
        return f"replace({value}, '{MARK}', {number})"

    def identifier(self, name: str, values: Sequence[object]) -> str:
        """Another one per copy; where it begins with its time, with the time of the copy."""
        prefix, digits = _identified(values[0])
        if all(self.is_dated(_identified(value)[1]) for value in values):
            start = self._hexadecimal(f"{self.now} + {self.moved}", 12)
            end = f"substr({name}, {len(prefix) + 13})"
            return _unless_empty(name, f"substr({name}, 1, {len(prefix)}) || {start} || {end}")
        kept = len(prefix) + len(digits) - 8
        return _unless_empty(name, f"substr({name}, 1, {kept}) || {self._hexadecimal('n', 8)}")

    def is_dated(self, digits: str) -> bool:
        return self.is_time(int(digits[:12], 16))

    def is_time(self, value: object) -> bool:
        return isinstance(value, int) and abs(value - self.now) < DAY

    def _hexadecimal(self, value: str, digits: int) -> str:
        if self.is_postgres:
            return f"lpad(to_hex(CAST({value} AS bigint)), {digits}, '0')"
        return f"printf('%0{digits}x', {value})"


def _unless_empty(name: str, otherwise: str) -> str:
    return f"CASE WHEN {name} = '' THEN '' ELSE {otherwise} END"


def _identified(value: object) -> tuple[str, str]:
    """Prefix and hexadecimal digits of an identifier; digits are '' when it is none."""
    found = LIKE_ID.fullmatch(value) if isinstance(value, str) else None
    return (found[1], found[2]) if found else ("", "")


def multiply(url: str, copies: int) -> int:
    """Replace what was just judged in `url` by so many copies; return how many submissions.

    Raises LookupError for a table that cannot be copied in this way.
    """
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        return _Multiplying(engine, copies).run()
    finally:
        engine.dispose()


class _Multiplying:
    def __init__(self, engine: Engine, copies: int) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.copies = copies
        self.sql = Sql(self.dialect == "postgresql", int(time.time() * 1000), copies)
        self.submissions: Collection[object] = ()
        self.authors: Collection[object] = ()

    def run(self) -> int:
        with self.engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            for statement in FAST[self.dialect]:
                connection.exec_driver_sql(statement)
            tables = self._tables(connection)
            copied = []
            for table in tables.values():
                if table.name in SHORT_LIVED:
                    connection.execute(table.delete())
                    continue
                values = _values(connection, table)
                if plan := self._copying(table, values):
                    copied.append(plan)
                else:
                    self._count(connection, table, values)
            for plan in copied:
                self._copy(connection, plan)
            for statement in AFTERWARDS[self.dialect]:
                connection.exec_driver_sql(statement)
            return int(connection.execute(text("SELECT count(*) FROM submissions")).scalar_one())

    def _tables(self, connection: Connection) -> dict[str, Table]:
        metadata = MetaData()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # indexes on expressions are not reflected
            metadata.reflect(connection)
        rows = _values(connection, metadata.tables["submissions"])
        self.submissions = frozenset(rows["id"])
        self.authors = frozenset(rows["author_key"])
        return dict(metadata.tables)

    def _copying(self, table: Table, values: Columns) -> Copying | None:
        """None for a table that is not about submissions."""
        about = next((n for n, found in values.items() if _within(found, self.submissions)), "")
        if not about:
            return None
        serial = _serial(table)
        given = {name: found for name, found in values.items() if name != serial}
        columns = {name: self._expression(name, found) for name, found in given.items()}
        renamed = f"replace({{}}, {about}, {columns[about]})"
        for name, found in given.items():
            if name != about and _name(found[:1], values[about]):
                columns[name] = renamed.format(columns[name])
        if not serial:
            self._expect_changes(table, columns)
        return Copying(table.name, columns)

    def _expression(self, name: str, values: list[object]) -> str:
        if not values or _within(values, self.authors):
            return name
        times = [value for value in values if value != 0]  # 0 is "never"
        if times and all(self.sql.is_time(value) for value in times):
            return f"CASE WHEN {name} = 0 THEN 0 ELSE {name} + {self.sql.moved} END"
        if all(_identified(value)[1] for value in values):
            return self.sql.identifier(name, values)
        if any(isinstance(value, str) and MARK in value for value in values):
            return self.sql.marked(name)
        return name

    def _expect_changes(self, table: Table, columns: dict[str, str]) -> None:
        keys = [[column.name for column in table.primary_key.columns]]
        keys += [
            [name for name in found["column_names"] if name]
            for found in inspect(self.engine).get_unique_constraints(table.name)
        ]
        for key in keys:
            if all(columns[name] == name for name in key):
                raise LookupError(f"Copies of {table.name} would share {', '.join(key)}")

    def _copy(self, connection: Connection, plan: Copying) -> None:
        table = plan.table
        indexes = connection.execute(text(INDEXES[self.dialect]), {"table": table}).all()
        statements = [f"DROP INDEX {name}" for name, _ in indexes]
        statements.append(f"CREATE TEMPORARY TABLE judged AS SELECT * FROM {table}")  # noqa: S608
        statements.append(f"DELETE FROM {table}")  # noqa: S608  # names that the database told
        statements += [
            plan.statement(first, min(first + AT_ONCE, self.copies))
            for first in range(0, self.copies, AT_ONCE)
        ]
        # An index is made faster in one go.
        statements += ["DROP TABLE judged", *(sql for _, sql in indexes)]
        for statement in statements:
            connection.exec_driver_sql(statement)

    def _count(self, connection: Connection, table: Table, values: Columns) -> None:
        """What is counted of authors goes up with their comments."""
        if not any(_within(found, self.authors) for found in values.values()):
            return
        kept = {column.name for column in table.primary_key.columns}
        for name, found in values.items():
            if name in kept or not all(isinstance(value, int) for value in found):
                continue
            is_time = any(self.sql.is_time(value) for value in found)
            changed = f"{name} - {OLDEST}" if is_time else f"{name} * {self.copies}"
            changing = f"UPDATE {table.name} SET {name} = {changed}"  # noqa: S608  # as told
            connection.exec_driver_sql(changing)


def _values(connection: Connection, table: Table) -> Columns:
    rows = connection.execute(table.select()).all()
    return {
        column.name: [row[place] for row in rows if row[place] not in {None, ""}]
        for place, column in enumerate(table.columns)
    }


def _within(values: Sequence[object], known: Collection[object]) -> bool:
    return bool(values) and all(value in known for value in values)


def _name(values: Sequence[object], ids: Sequence[object]) -> bool:
    """Whether values are more than an identifier, but hold one."""
    return any(
        isinstance(value, str) and value not in ids and any(str(id_) in value for id_ in ids)
        for value in values
    )


def _serial(table: Table) -> str:
    """The column that the database numbers by itself."""
    key = list(table.primary_key.columns)
    return key[0].name if len(key) == 1 and isinstance(key[0].type, Integer) else ""
