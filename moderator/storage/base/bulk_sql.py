"""Statements about many rows at once: one round trip, one compilation, one turn of the lock.

Rows are taken in powers of two, so that a handful of statements serves every count and stays
prepared.
"""

from collections.abc import Iterator, Sequence
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection
from sqlalchemy.engine import CursorResult

from moderator.storage.base.database import Parameters

LARGEST = 64  # rows in one statement


class InsertRows:
    def __init__(self, table: str, columns: str, *, ending: str = "") -> None:
        """`columns` are both the table's and the parameters' names, or `column=parameter`."""
        pairs = [name.partition("=") for name in columns.split()]
        self._names = [parameter or column for column, _, parameter in pairs]
        self._start = f"INSERT INTO {table} ({', '.join(pair[0] for pair in pairs)}) VALUES "  # noqa: S608  # our own words
        self._ending = f" {ending}"
        self._sql: dict[tuple[str, int], str] = {}

    def run(self, connection: Connection, rows: Sequence[Parameters]) -> int:
        """Return how many rows were written: fewer than given when `ending` passes some over."""
        return sum(result.rowcount for result in self._results(connection, rows))

    def returning(self, connection: Connection, rows: Sequence[Parameters]) -> list[Sequence[Any]]:
        """Return what the `ending` says of each row that was written."""
        return [row for result in self._results(connection, rows) for row in result.all()]

    def _results(
        self, connection: Connection, rows: Sequence[Parameters]
    ) -> Iterator[CursorResult[*tuple[Any, ...]]]:
        start = 0
        while start < len(rows):
            size = min(LARGEST, 1 << ((len(rows) - start).bit_length() - 1))
            chunk = rows[start : start + size]
            values = tuple([row[name] for row in chunk for name in self._names])
            yield connection.exec_driver_sql(self._statement(connection, size), values)
            start += size

    def _statement(self, connection: Connection, size: int) -> str:
        key = (connection.dialect.name, size)
        sql = self._sql.get(key)
        if sql is None:
            row = _places(connection, len(self._names))
            sql = self._start + ", ".join([row] * size) + self._ending
            self._sql[key] = sql
        return sql


class SelectIn:
    """A statement about many values, named in its `{many}`, or about many tuples, in its `{rows}`.

    `{many}` follows IN; the last value may stand there several times. `{rows}` follow VALUES, and
    some may hold nothing but NULL. Tuples are never asked for by IN: SQLite and PostgreSQL both
    read the whole table for a long list of them. `CROSS JOIN` after VALUES says for SQLite which
    comes first.
    """

    def __init__(self, sql: str, *, postgres: str = "") -> None:
        """`postgres` is for where it takes other words there."""
        self._template, self._postgres = sql, postgres or sql
        self._sql: dict[tuple[str, int, int], str] = {}

    def run(self, connection: Connection, values: Sequence[object]) -> Sequence[Sequence[Any]]:
        """Return the rows. `values` are all plain, or all tuples of the same length."""
        if not values:
            return []
        last = values[-1]
        width = len(last) if isinstance(last, tuple) else 0
        size = 1 << (len(values) - 1).bit_length()
        # Filled up until the count is a power of two, by what changes nothing.
        filler = (None,) * width if width else last
        named = [*values, *[filler] * (size - len(values))]
        flat = [part for pair in named for part in pair] if width else named  # type: ignore[attr-defined]  # tuples
        sql = self._statement(connection, size, width)
        return connection.exec_driver_sql(sql, tuple(flat)).all()

    def _statement(self, connection: Connection, size: int, width: int) -> str:
        key = (connection.dialect.name, size, width)
        sql = self._sql.get(key)
        if sql is None:
            template = self._postgres if key[0] == "postgresql" else self._template
            if width:
                sql = template.format(rows=", ".join([_places(connection, width)] * size))
            else:
                sql = template.format(many=_places(connection, size))
            self._sql[key] = sql
        return sql


def _places(connection: Connection, count: int) -> str:
    place = "?" if connection.dialect.name == "sqlite" else "%s"
    return f"({', '.join([place] * count)})"


def closest(columns: str, where: str, order: str, most: int) -> SelectIn:
    """The first `most` submissions that each of many tuples asks for, in one statement.

    `columns` and `where` name them `s` and the tuple `k`. The first column that comes back is the
    tuple's own first; the rows of one tuple come in no order.
    """
    asked = "(VALUES {rows}) AS k"
    found = f"FROM submissions s WHERE {where} ORDER BY {order} LIMIT {most}"
    return SelectIn(
        f"SELECT k.column1, {columns} FROM {asked} CROSS JOIN submissions s"  # noqa: S608  # our own words
        f" WHERE s.id IN (SELECT s.id {found})",
        postgres=f"SELECT k.column1, s.* FROM {asked} CROSS JOIN LATERAL"  # noqa: S608
        f" (SELECT {columns} {found}) AS s",
    )
