"""Upkeep beside the jobs, in a thread of its own: refilling the near index, counting, purging,
and taking away what sites keep no longer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PURGE_INTERVAL = 3600.0  # seconds between two purges
RETAIN_INTERVAL = 600.0  # seconds between two rounds, once nothing is left to take away
COUNT_INTERVAL = 30.0  # seconds between two counts of decisions, once they have caught up


class PurgeStore(Protocol):
    def purge(self) -> int:
        """Delete what has had its time."""
        ...


class CountStore(Protocol):
    def count(self) -> bool:
        """Count what was decided since, or some of it; return whether more may be left."""
        ...


class RetentionStore(Protocol):
    def apply(self) -> bool:
        """Take away some of what has had its time; return whether more may be left."""
        ...


@dataclass(slots=True)
class Upkeep:
    """Refills the near index whenever it has a gap; counts decisions every COUNT_INTERVAL seconds,
    purges every PURGE_INTERVAL, and takes away what is kept no longer every RETAIN_INTERVAL.
    """

    attic: PurgeStore
    retention: RetentionStore
    counts: CountStore
    mend: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    _purge_at: float = float("-inf")
    _count_at: float = float("-inf")
    _retain_at: float = float("-inf")

    def __call__(self) -> int:
        """Return how much was done."""
        done = self.mend()
        if self.clock() >= self._purge_at:
            done += self.attic.purge()
            self._purge_at = self.clock() + PURGE_INTERVAL
        if self.clock() >= self._count_at and not self.counts.count():
            self._count_at = self.clock() + COUNT_INTERVAL
        if self.clock() >= self._retain_at and not self.retention.apply():
            self._retain_at = self.clock() + RETAIN_INTERVAL
        return done
