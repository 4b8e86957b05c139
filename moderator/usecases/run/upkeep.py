"""Upkeep beside the jobs, in a thread of its own: refilling the near index, purging."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PURGE_INTERVAL = 3600.0  # seconds between two purges


class PurgeStore(Protocol):
    def purge(self) -> int:
        """Delete what has had its time."""
        ...


@dataclass(slots=True)
class Upkeep:
    """Refills the near index whenever it has a gap; purges every PURGE_INTERVAL seconds."""

    attic: PurgeStore
    mend: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    _purge_at: float = float("-inf")

    def __call__(self) -> int:
        """Return how much was done."""
        done = self.mend()
        if self.clock() >= self._purge_at:
            done += self.attic.purge()
            self._purge_at = self.clock() + PURGE_INTERVAL
        return done
