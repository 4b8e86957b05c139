"""Count what Akismet clients ask and are told: in memory, written down once a second.

A process that is killed forgets the last second of counts, and nothing else.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from moderator.domain.answering.tally import Line, Place
from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.usecases.ports import EventLog

EVERY = 1.0  # seconds

MOST = 10_000  # places that are kept while the database cannot be written: then no new ones


class TallyStore(Protocol):
    def add(self, counted: Mapping[Place, Mapping[str, int]]) -> None: ...

    def lines(self, site_id: str, since: int) -> list[Line]:
        """What was counted for a site from the month `since` (202603) on, by month and blog."""
        ...


class Tally:
    """Its thread starts with the first count, and ends with the process."""

    def __init__(self, store: TallyStore, log: EventLog, *, every: float = EVERY) -> None:
        self._store = store
        self._log = log
        self._every = every
        self._lock = threading.Lock()
        self._counted: dict[Place, Counter[str]] = {}
        self._some = threading.Event()
        self._thread: threading.Thread | None = None

    def count(self, site_id: str, blog: str, now: datetime, *names: str) -> None:
        """Count one of each of these (storage/akismet_tables.py COUNTED)."""
        place = (site_id, month_of(now), blog)
        with self._lock:
            if place in self._counted or len(self._counted) < MOST:
                self._counted.setdefault(place, Counter()).update(names)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tally", daemon=True)
                self._thread.start()
        self._some.set()

    def lines(self, site_id: str, since: int = 0) -> list[Line]:
        """All that was counted, this process' last second included."""
        self.write()
        return self._store.lines(site_id, since)

    def write(self) -> None:
        """Write down what was counted; what cannot be written is kept."""
        with self._lock:
            counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            self._store.add(counted)
        except StorageUnavailableError:
            with self._lock:
                for place, counts in counted.items():
                    self._counted.setdefault(place, Counter()).update(counts)
            raise

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._some.wait()
            self._some.clear()
            pause.wait(self._every)
            try:
                self.write()
            except StorageUnavailableError as error:
                self._log.warning("tally_kept", error=error)
                self._some.set()
            except ANYTHING as error:  # the thread goes on: these counts are lost, no others
                self._log.failure("tally_lost", error)


def month_of(now: datetime) -> int:
    return now.year * 100 + now.month
