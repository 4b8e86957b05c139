"""Heartbeats: every process writes the time under its kind and name, every INTERVAL_SECONDS."""

import logging
import threading
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import ANYTHING

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 15.0


class HeartbeatStore(Protocol):
    def beat(self, kind: str, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`kind` is what the process does (web, worker, sweeper), `name` tells it from its like."""

    heart: HeartbeatStore
    kind: str
    name: str

    def __call__(self) -> None:
        """Give one sign; trouble is logged, for the next sign comes soon."""
        try:
            self.heart.beat(self.kind, self.name)
        except ANYTHING as error:
            log.warning("event=no_sign_of_life kind=%s error=%s", self.kind, error)

    def start(self, stopping: threading.Event) -> None:
        """Go on in a thread until `stopping` is set."""

        def run() -> None:
            self()
            while not stopping.wait(INTERVAL_SECONDS):
                self()

        threading.Thread(target=run, name="heartbeat", daemon=True).start()
