"""People's rulings about hosts, per site; replaced when people think again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.history.reputation import HostRuling, Reputation
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database, Statement
from moderator.storage.counts import HOSTS, mean_time

# Nothing but people's rulings is stored, so the table stays as small as what people did.
FORGET = Statement("DELETE FROM host_rulings WHERE submission_id = :id")
INSERT = InsertRows("host_rulings", "site_id host submission_id is_spam decided_at")
# When the person decided, which may be long ago.
DECIDED = SelectIn(
    "SELECT s.id, d.decided_at FROM submissions s JOIN decisions d"
    " ON d.submission_id = s.id AND d.sequence = s.sequence WHERE s.id IN {many}"
)
SUMS = SelectIn(
    "SELECT c.site_id, c.host, c.month, c.is_spam, c.number, c.late"
    " FROM (VALUES {rows}) AS k CROSS JOIN host_counts c"
    " WHERE c.site_id = k.column1 AND c.host = k.column2"
)

HostKey = tuple[str, str]  # site id, host


class HostRulingRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def reputations(self, keys: Iterable[HostKey], now: datetime) -> dict[HostKey, Reputation]:
        """What people decided about these hosts; those without any decision are left out."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        with self._database.read() as connection:
            rows = SUMS.run(connection, wanted)
        found: dict[HostKey, Reputation] = {}
        for site_id, host, month, is_spam, number, late in sorted(rows, key=lambda row: row[2]):
            before = found.get((site_id, host), Reputation())
            found[site_id, host] = before.after(
                is_spam=bool(is_spam),
                decided_at=mean_time(month, number, late),
                now=now,
                count=number,
            )
        return found


def record_rulings(
    connection: Connection, rulings: Sequence[tuple[str, HostRuling]], now_ms: int
) -> None:
    """Replace what was ruled on these submissions, each given with its site's id.

    `now_ms` is for what has no decision.
    """
    if not rulings:
        return
    ordered = sorted(rulings, key=lambda pair: pair[1].submission_id)
    ids = [ruling.submission_id for _, ruling in ordered]
    decided = {row[0]: row[1] for row in DECIDED.run(connection, ids)}
    with HOSTS.keeping(connection, ids):
        FORGET.run(connection, [{"id": ruling.submission_id} for _, ruling in ordered])
        INSERT.run(
            connection,
            [
                {
                    "site_id": site_id,
                    "host": host,
                    "submission_id": ruling.submission_id,
                    "is_spam": int(ruling.is_spam),
                    "decided_at": decided.get(ruling.submission_id, now_ms),
                }
                for site_id, ruling in ordered
                for host in ruling.hosts
            ],
        )
