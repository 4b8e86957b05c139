"""Forgets what has had its time: idempotency keys, fates of links, sessions and the like."""

from datetime import timedelta

from sqlalchemy import Column, Table, delete, select, tuple_

from moderator.storage.base.database import Database
from moderator.storage.base.times import KEYS_KEPT, to_ms
from moderator.storage.schema.tables import (
    fetch_accounts,
    intake_keys,
    link_memory,
    login_links,
    sessions,
    submissions,
)

TOMBSTONES_KEPT = timedelta(days=365)  # so long a late event of an erased comment is known
PIECE = 1_000  # rows in one transaction, so that nobody waits long for the write lock


class PurgeRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def purge(self) -> int:
        """Delete what is too old, piece by piece; return how many rows."""
        now = self._database.now()
        return sum(
            self._purge(table, column, to_ms(now - kept))
            for table, column, kept in (
                (intake_keys, intake_keys.c.received_at, KEYS_KEPT),
                (link_memory, link_memory.c.expires_at, timedelta(0)),
                (fetch_accounts, fetch_accounts.c.until, timedelta(0)),
                (sessions, sessions.c.expires_at, timedelta(0)),
                (login_links, login_links.c.expires_at, timedelta(0)),
                (submissions, submissions.c.erased_at, TOMBSTONES_KEPT),
            )
        )

    def _purge(self, table: Table, column: Column[int], before: int) -> int:
        key = table.primary_key.columns.values()
        old = select(*key).where(column < before).limit(PIECE)
        piece = delete(table).where(tuple_(*key).in_(old))
        count = 0
        while True:
            with self._database.write() as connection:
                gone = connection.execute(piece).rowcount
            count += gone
            if gone < PIECE:
                return count
