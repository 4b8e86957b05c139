"""When a worker last gave a sign of life."""

from datetime import datetime

from moderator.storage.database import Database, Statement
from moderator.storage.times import from_ms, to_ms

BEAT = Statement(
    "INSERT INTO pulse (name, seen_at) VALUES (:name, :seen_at)"
    " ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"
)
SEEN = Statement("SELECT max(seen_at) FROM pulse")


class PulseRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, name: str) -> None:
        now = self._database.now()
        with self._database.write() as connection:
            BEAT.run(connection, {"name": name, "seen_at": to_ms(now)})

    def workers_seen_at(self) -> datetime | None:
        with self._database.read() as connection:
            seen = SEEN.run(connection, {}).scalar_one()
        return None if seen is None else from_ms(int(str(seen)))
