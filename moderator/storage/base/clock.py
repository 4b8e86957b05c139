"""The database's time, for processes whose own clock may be another machine's.

What one process writes as due another one claims by the database's clock: were each to write its
own, a machine whose clock is ahead would have its work wait for as long.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

from moderator.domain.errors import StorageUnavailableError
from moderator.storage.base.database import Database

TOLD_SECONDS = 1.0  # seconds that an answer counts; between two answers a stop-watch goes on


class DatabaseClock:
    """Tells the database's time without asking it each time; this machine's until it answered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._is_told = False  # until then everybody waits for the first answer
        # The database's time less that of the stop-watch.
        self._offset = datetime.now(UTC) - timedelta(seconds=time.monotonic())  # noqa: TID251  # this is the clock

    def __call__(self) -> datetime:
        if self._lock.acquire(blocking=not self._is_told):
            try:
                if time.monotonic() - self._asked_at > TOLD_SECONDS or not self._is_told:
                    self._ask()
            finally:
                self._lock.release()
        return self._offset + timedelta(seconds=time.monotonic())

    def _ask(self) -> None:
        """One asks, the others go on by what was told before; so do all where nobody answers."""
        try:
            told = self._database.now()
        except StorageUnavailableError:
            return
        finally:
            self._asked_at = time.monotonic()
        self._offset = told - timedelta(seconds=self._asked_at)
        self._is_told = True
