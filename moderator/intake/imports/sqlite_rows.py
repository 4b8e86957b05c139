"""Reads rows of a SQLite database that another program wrote, without changing it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any  # what stands in another program's columns is typed by nobody

from moderator.domain.errors import MalformedError
from moderator.intake.imports.files import PIECE, ExportFile

AT_ONCE = 500  # rows


def rows(file: ExportFile, sql: str, *tables: str) -> Iterator[tuple[Any, ...]]:
    """Raises MalformedError for what is no such database."""
    if not file.is_sqlite:
        raise MalformedError("This is no SQLite database; a packed one must be unpacked first")
    address = file.path.absolute().as_uri()
    try:
        with closing(sqlite3.connect(f"{address}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if not there.issuperset(tables):
                missing = " and ".join(name for name in tables if name not in there)
                raise MalformedError(f"The database has no table {missing}")
            found = connection.execute(sql)
            while some := found.fetchmany(AT_ONCE):
                file.read += PIECE
                yield from some
    except sqlite3.Error as error:
        raise MalformedError(f"The database cannot be read: {error}") from error
