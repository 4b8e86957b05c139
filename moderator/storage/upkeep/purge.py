"""Forgets what has had its time: idempotency keys, fates of links, sessions and the like."""

from datetime import timedelta

from sqlalchemy import Column, Table, delete, select, tuple_

from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import KEYS_KEPT, to_ms
from moderator.storage.schema.tables import (
    claims,
    fetch_accounts,
    intake_keys,
    link_memory,
    login_links,
    sessions,
    submissions,
)

TOMBSTONES_KEPT = timedelta(days=365)  # so long a late event of an erased comment is known
PHRASES_KEPT = timedelta(days=14)  # as long as near copies are known
FEW = 64  # submissions whose phrases go in one transaction
PIECE = 1_000  # rows in one transaction, so that nobody waits long for the write lock
OLD_PHRASES = Statement(
    "SELECT DISTINCT submission_id FROM phrases WHERE submission_id < :before"  # noqa: S608  # a number of ours
    f" ORDER BY submission_id LIMIT {FEW}"
)
FORGET_PHRASES = SelectIn("DELETE FROM phrases WHERE submission_id IN {many} RETURNING key")


class PurgeRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def purge(self) -> int:
        """Delete what is too old, piece by piece; return how many rows."""
        now = self._database.now()
        return self._purge_phrases(to_ms(now - PHRASES_KEPT)) + sum(
            self._purge(table, column, to_ms(now - kept))
            for table, column, kept in (
                (intake_keys, intake_keys.c.received_at, KEYS_KEPT),
                (link_memory, link_memory.c.expires_at, timedelta(0)),
                (fetch_accounts, fetch_accounts.c.until, timedelta(0)),
                (sessions, sessions.c.expires_at, timedelta(0)),
                (claims, claims.c.until, timedelta(0)),
                (login_links, login_links.c.expires_at, timedelta(0)),
                (submissions, submissions.c.erased_at, TOMBSTONES_KEPT),
            )
        )

    def _purge_phrases(self, before: int) -> int:
        """Ids sort by time: those of long ago go."""
        count = 0
        while True:
            with self._database.write() as connection:
                old = OLD_PHRASES.run(connection, {"before": f"{before:012x}"}).all()
                gone = FORGET_PHRASES.run(connection, [row[0] for row in old])
            count += len(gone)
            if len(old) < FEW:
                return count

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
