"""Heartbeats: every process writes the time under its kind and name, every INTERVAL_SECONDS."""

import threading
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import ANYTHING
from moderator.usecases.ports import EventLog

INTERVAL_SECONDS = 15.0


class HeartbeatStore(Protocol):
    def beat(self, kind: str, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`kind` is what the process does (web, worker, sweeper), `name` tells it from its like."""

    heart: HeartbeatStore
    kind: str
    name: str
    log: EventLog

    def __call__(self) -> None:
        """Give one sign; trouble is logged, for the next sign comes soon."""
        try:
            self.heart.beat(self.kind, self.name)
        except ANYTHING as error:
            self.log.warning("heartbeat_failed", kind=self.kind, error=error)

    def start(self, stopping: threading.Event) -> None:
        """Go on in a thread until `stopping` is set."""

        def run() -> None:
            self()
            while not stopping.wait(INTERVAL_SECONDS):
                self()

        threading.Thread(target=run, name="heartbeat", daemon=True).start()
