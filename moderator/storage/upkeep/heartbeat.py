"""When each process last gave a sign of life."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import from_ms, to_ms

KEPT_AFTER_LAST_BEAT = timedelta(days=1)  # that a process is remembered after its last sign
BEAT = Statement(
    "INSERT INTO pulse (name, seen_at, ahead_ms) VALUES (:name, :seen_at, :ahead_ms)"
    " ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, ahead_ms = excluded.ahead_ms"
)
FORGET = Statement("DELETE FROM pulse WHERE seen_at < :before")
AHEAD = Statement("SELECT name, ahead_ms FROM pulse ORDER BY name")
SEEN = Statement("SELECT name, seen_at FROM pulse ORDER BY seen_at")


class HeartbeatRows:
    """A row per process; its name begins with its kind. `clock` is that of this machine."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def beat(self, kind: str, name: str) -> None:
        now = self._database.now()
        ahead = round(self._clock() * 1000) - to_ms(now)
        with self._database.write() as connection:
            FORGET.run(connection, {"before": to_ms(now - KEPT_AFTER_LAST_BEAT)})
            row = {"name": f"{kind} {name}".strip(), "seen_at": to_ms(now), "ahead_ms": ahead}
            BEAT.run(connection, row)

    def seen_at(self) -> dict[str, datetime]:
        """By kind, the last sign of any process of that kind."""
        with self._database.read() as connection:
            rows = SEEN.run(connection, {}).all()
        return {str(name).split()[0]: from_ms(int(str(seen))) for name, seen in rows}

    def ahead_ms(self) -> dict[str, int]:
        """By process, how many milliseconds its clock is ahead of the database's."""
        with self._database.read() as connection:
            return {str(name): int(ms) for name, ms in AHEAD.run(connection, {})}
