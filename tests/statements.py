"""Counts what a piece of work asks of a database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event

from moderator.storage.base.database import Database


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)
