"""Who looks at which line of the queue right now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from moderator.domain.pages.claim import LEASE
from moderator.domain.verdict import Decider
from moderator.storage.base.bulk_sql import InsertRows
from moderator.storage.base.database import Database, again_after_deadlock
from moderator.storage.base.times import to_ms

CLAIM = InsertRows(
    "claims",
    "line moderator_id moderator_name until",
    ending="ON CONFLICT (line) DO UPDATE SET moderator_id = excluded.moderator_id,"
    " moderator_name = excluded.moderator_name, until = excluded.until"
    " WHERE claims.moderator_id = excluded.moderator_id"
    f" OR claims.until <= excluded.until - {LEASE // timedelta(milliseconds=1)} RETURNING line",
)


class ClaimRows:
    """Honours usecases/moderate/claims.py ClaimStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @again_after_deadlock
    def claim(self, lines: Sequence[str], moderator: Decider, now: datetime) -> set[str]:
        rows: list[dict[str, object]] = [
            {
                "line": line,
                "moderator_id": moderator.id,
                "moderator_name": moderator.name,
                "until": to_ms(now + LEASE),
            }
            for line in sorted(set(lines))
        ]
        with self._database.write() as connection:
            return {row[0] for row in CLAIM.returning(connection, rows)}
