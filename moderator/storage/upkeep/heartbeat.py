"""When each process last gave a sign of life."""

from datetime import datetime, timedelta

from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import from_ms, to_ms

KEPT_AFTER_LAST_BEAT = timedelta(days=1)  # that a process is remembered after its last sign
BEAT = Statement(
    "INSERT INTO pulse (name, seen_at) VALUES (:name, :seen_at)"
    " ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"
)
FORGET = Statement("DELETE FROM pulse WHERE seen_at < :before")
SEEN = Statement("SELECT name, seen_at FROM pulse ORDER BY seen_at")


class HeartbeatRows:
    """A row per process; its name begins with its kind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, kind: str, name: str) -> None:
        now = self._database.now()
        with self._database.write() as connection:
            FORGET.run(connection, {"before": to_ms(now - KEPT_AFTER_LAST_BEAT)})
            BEAT.run(connection, {"name": f"{kind} {name}".strip(), "seen_at": to_ms(now)})

    def seen_at(self) -> dict[str, datetime]:
        """By kind, the last sign of any process of that kind."""
        with self._database.read() as connection:
            rows = SEEN.run(connection, {}).all()
        return {str(name).split()[0]: from_ms(int(str(seen))) for name, seen in rows}
