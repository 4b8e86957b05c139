"""Inserts many rows with few statements: one round trip, one compilation, one turn of the lock.

The rows of a call are split into powers of two, so that a handful of statements serves every
count and stays prepared.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.storage.database import Parameters

LARGEST = 64  # rows in one statement


class InsertMany:
    def __init__(self, table: str, columns: str, *, ending: str = "") -> None:
        """`columns` are both the table's and the parameters' names, or `column=parameter`."""
        pairs = [name.partition("=") for name in columns.split()]
        self._names = [parameter or column for column, _, parameter in pairs]
        self._start = f"INSERT INTO {table} ({', '.join(pair[0] for pair in pairs)}) VALUES "  # noqa: S608  # our own words
        self._ending = f" {ending}"
        self._sql: dict[tuple[str, int], str] = {}

    def run(self, connection: Connection, rows: Sequence[Parameters]) -> int:
        """Return how many rows were written: fewer than given when `ending` passes some over."""
        written = 0
        start = 0
        while start < len(rows):
            size = min(LARGEST, 1 << ((len(rows) - start).bit_length() - 1))
            chunk = rows[start : start + size]
            values = tuple([row[name] for row in chunk for name in self._names])
            result = connection.exec_driver_sql(self._statement(connection, size), values)
            written += result.rowcount
            start += size
        return written

    def _statement(self, connection: Connection, size: int) -> str:
        key = (connection.dialect.name, size)
        sql = self._sql.get(key)
        if sql is None:
            mark = "?" if key[0] == "sqlite" else "%s"
            row = "(" + ", ".join([mark] * len(self._names)) + ")"
            sql = self._start + ", ".join([row] * size) + self._ending
            self._sql[key] = sql
        return sql
