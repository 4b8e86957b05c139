"""Find work that no hint announced: hint again, and work here when nobody can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.jobs import Job
from moderator.domain.ports import Hints

PATIENCE = timedelta(seconds=5)  # that due work may wait although hints can be sent
HEARTBEAT = timedelta(seconds=15)
PURGE = timedelta(hours=1)


class Drain(Protocol):
    """Works on one kind of job until nothing is due; returns how much was done."""

    def __call__(self) -> int: ...


class DueQueue(Protocol):
    def now(self) -> datetime: ...

    def oldest_due(self) -> dict[Job, datetime]: ...


class Heart(Protocol):
    def beat(self, name: str) -> None: ...


class Attic(Protocol):
    def purge(self) -> int:
        """Delete what has had its time."""
        ...


@dataclass(slots=True)
class Sweep:
    queue: DueQueue
    hints: Hints
    drains: Mapping[Job, Drain]
    heart: Heart
    attic: Attic
    _beat_at: datetime | None = None
    _purged_at: datetime | None = None

    def __call__(self) -> int:
        """Look once; return how much was done here because nobody else could be told."""
        now = self.queue.now()
        if self._beat_at is None or now - self._beat_at >= HEARTBEAT:
            self.heart.beat("sweeper")
            self._beat_at = now
        if self._purged_at is None or now - self._purged_at >= PURGE:
            self.attic.purge()
            self._purged_at = now
        done = 0
        for job, due in self.queue.oldest_due().items():
            if due > now:
                continue
            told = self.hints.work_is_due(job)
            if not told or now - due > PATIENCE:
                done += self.drains[job]()
        return done
