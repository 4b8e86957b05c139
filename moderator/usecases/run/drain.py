"""Runs one drain at a time per job; a call during a drain makes it look once more."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE_POLLS = 3  # looks after the last piece of work, before the drain ends
POLL_SECONDS = 0.01  # seconds between those looks


@dataclass(slots=True)
class Drain:
    """Calls `step` until it finds nothing a few times in a row, or `stopping` is set.

    `before` runs first (it forgets the hint that woke us, so that the next one can be sent).
    """

    step: Callable[[], int]
    stopping: threading.Event
    before: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _again: bool = False

    def __call__(self) -> int:
        """Return how much was done; 0 at once when another call is at it already."""
        done = 0
        self._again = True
        while self._again and self._lock.acquire(blocking=False):
            try:
                self._again = False
                self.before()
                done += self._drain()
            finally:
                self._lock.release()
        return done

    def _drain(self) -> int:
        done = 0
        idle = 0
        while idle < IDLE_POLLS and not self.stopping.is_set():
            count = self.step()
            done += count
            if count:
                idle = 0
                continue
            idle += 1
            if idle < IDLE_POLLS:
                time.sleep(POLL_SECONDS)
        return done
