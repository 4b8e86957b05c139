"""Counts what all processes together fetch from strangers, a little over a minute at a time."""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import Connection

from moderator.domain.errors import StorageUnavailableError
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import to_ms

# A little over a minute: whoever begins to count a moment later still sees one allowance.
WINDOW_SECONDS = 66_000
OPEN = Statement(
    "INSERT INTO fetch_accounts (name, count, until) VALUES (:name, 0, :until)"
    " ON CONFLICT (name) DO UPDATE SET count = 0, until = excluded.until"
    " WHERE fetch_accounts.until <= :now"
)
# Writing first takes the row's lock, so that nobody counts beside us.
LOCK = Statement(
    "UPDATE fetch_accounts SET count = count WHERE name = :name RETURNING count, until"
)
NOTED = Statement("SELECT count FROM fetch_accounts WHERE name = :name AND until > :now")
COUNT = Statement("UPDATE fetch_accounts SET count = count + 1 WHERE name = :name")


class FetchQuotaRows:
    """What FetchAccountsAside asks in threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, limits: Mapping[str, int]) -> float:
        """Without the database nobody is asked: who cannot count must not send."""
        now = to_ms(self._database.now())
        try:
            with self._database.write() as connection:
                names = sorted(limits)  # one order for all: no deadlock
                wait = max(_wait(connection, name, limits[name], now) for name in names)
                if not wait:
                    for name in names:
                        COUNT.run(connection, {"name": name})
        except StorageUnavailableError:
            return WINDOW_SECONDS / 1000
        return wait / 1000

    def note(self, name: str, seconds: int) -> None:
        """What the database cannot take now is not noted."""
        now = to_ms(self._database.now())
        with suppress(StorageUnavailableError), self._database.write() as connection:
            OPEN.run(connection, {"name": name, "until": now + 1000 * seconds, "now": now})
            COUNT.run(connection, {"name": name})

    def noted(self, name: str) -> int:
        now = to_ms(self._database.now())
        try:
            with self._database.read() as connection:
                return int(NOTED.run(connection, {"name": name, "now": now}).scalar() or 0)
        except StorageUnavailableError:
            return 0


def _wait(connection: Connection, name: str, limit: int, now: int) -> int:
    """Milliseconds until this account has room; 0 when it has."""
    OPEN.run(connection, {"name": name, "until": now + WINDOW_SECONDS, "now": now})
    count, until = LOCK.run(connection, {"name": name}).one()
    return 0 if int(count) < limit else max(1, int(until) - now)
