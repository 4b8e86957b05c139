"""What became of links, for a while: a popular link is asked once, not once per comment.

Best effort: without the database links are simply asked again.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any  # what a driver returns is typed by nobody

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.ports import Fate, LinkFate
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import from_ms, to_ms

log = logging.getLogger(__name__)

AT_ONCE = 500
FORGOTTEN_AT_ONCE = 200  # the rest is for the purge: nobody shall wait for it here
KEPT = {
    Fate.OK: timedelta(days=1),
    Fate.DEAD: timedelta(days=1),
    Fate.SHORTENER: timedelta(days=1),
    Fate.SUSPICIOUS: timedelta(days=1),
    Fate.REFUSED: timedelta(hours=6),
    Fate.UNREACHABLE: timedelta(hours=1),
}
COLUMNS = "url, fate, detail, status, final_url, hops, checked_at, expires_at"
RECALL = SelectIn(f"SELECT {COLUMNS} FROM link_memory WHERE url IN {{many}}")  # noqa: S608  # our own words
REMEMBER = Statement(
    f"INSERT INTO link_memory ({COLUMNS})"  # noqa: S608  # our own words
    " VALUES (:url, :fate, :detail, :status, :final_url, :hops, :checked_at, :expires_at)"
    " ON CONFLICT (url) DO UPDATE SET fate = excluded.fate, detail = excluded.detail,"
    " status = excluded.status, final_url = excluded.final_url, hops = excluded.hops,"
    " checked_at = excluded.checked_at, expires_at = excluded.expires_at"
    " WHERE excluded.checked_at >= link_memory.checked_at"
)
FORGET = Statement(
    "DELETE FROM link_memory WHERE url IN (SELECT url FROM link_memory"
    " WHERE expires_at <= :now LIMIT :most)"
)


class LinkCacheRows:
    """What LinkMemoryAside asks in threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        asked = list(dict.fromkeys(urls))
        found: dict[str, LinkFate] = {}
        try:
            with self._database.read() as connection:
                for start in range(0, len(asked), AT_ONCE):
                    rows = RECALL.run(connection, asked[start : start + AT_ONCE])
                    found |= {row[0]: _fate(row) for row in rows if row[7] > to_ms(now)}
        except StorageUnavailableError:
            log.warning("links=%d event=recall_failed", len(asked))
        return found

    def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        """Keep what is worth keeping; forget some of what is too old."""
        rows = [_row(fate, now) for fate in fates if fate.fate in KEPT]
        if not rows:
            return
        rows.sort(key=lambda row: str(row["url"]))  # one order for all: no deadlock
        try:
            with self._database.write() as connection:
                REMEMBER.run(connection, rows)
                FORGET.run(connection, {"now": to_ms(now), "most": FORGOTTEN_AT_ONCE})
        except StorageUnavailableError:
            log.warning("links=%d event=remember_failed", len(rows))


def _row(fate: LinkFate, now: datetime) -> dict[str, object]:
    return {
        "url": fate.url,
        "fate": str(fate.fate),
        "detail": fate.detail,
        "status": fate.status,
        "final_url": fate.final_url,
        "hops": json.dumps(fate.hops),
        "checked_at": to_ms(fate.checked_at or now),
        "expires_at": to_ms(now + KEPT[fate.fate]),
    }


def _fate(row: Sequence[Any]) -> LinkFate:
    url, fate, detail, status, final_url, hops, checked_at, _ = row
    return LinkFate(
        url=url,
        fate=Fate(fate),
        detail=detail,
        status=status,
        final_url=final_url,
        hops=tuple(json.loads(hops)),
        checked_at=from_ms(checked_at),
    )
