"""Drains a job: calls its step until nothing is due. One drain at a time in a process."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE_POLLS = 3  # looks after the last piece of work, before the drain ends
POLL_SECONDS = 0.01  # seconds between those looks


@dataclass(slots=True)
class Drain:
    """Calls `step` until it returns 0 IDLE_POLLS times in a row, or `stopping` is set.

    `before` is called first: it clears the hint, so that the next one can be sent. A call during a
    drain returns 0 at once and makes the running drain start over when it ends.
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
