"""Heartbeats: every process writes the time under its kind and name, every INTERVAL_SECONDS.

With it goes what the process did since the last one (counting.py).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import ANYTHING
from moderator.usecases.ports import EventLog

INTERVAL_SECONDS = 15.0


class HeartbeatStore(Protocol):
    def beat(self, kind: str, name: str) -> None: ...


def nothing() -> None:
    """There is nothing to do."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`kind` is what the process does (web, worker, sweeper), `name` tells it from its like.

    `keep` hands on what was counted.
    """

    heart: HeartbeatStore
    kind: str
    name: str
    log: EventLog
    keep: Callable[[], object] = nothing

    def __call__(self) -> None:
        """Give one sign; trouble is logged, for the next sign comes soon."""
        try:
            self.heart.beat(self.kind, self.name)
            self.keep()
        except ANYTHING as error:
            self.log.warning("heartbeat_failed", kind=self.kind, error=error)

    def start(self, stopping: threading.Event) -> None:
        """Go on in a thread until `stopping` is set."""

        def run() -> None:
            self()
            while not stopping.wait(INTERVAL_SECONDS):
                self()

        threading.Thread(target=run, name="heartbeat", daemon=True).start()
