"""The sweeper: finds due rows whose hint was lost, hints again, or has the job drained here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.ports import Hints
from moderator.domain.queue import Job

HINT_PATIENCE = timedelta(seconds=5)  # that due work may wait although hints can be sent
HEARTBEAT = timedelta(seconds=15)
# Seconds until the next look: while others are told of what comes they are told by who brings it.
EVERY_SECONDS = 1.0
EVERY_SECONDS_ALONE = 0.1


class DueQueue(Protocol):
    def now(self) -> datetime: ...

    def oldest_due(self) -> dict[Job, datetime]: ...


@dataclass(slots=True)
class Sweep:
    """`call` has a job done here and waits for nothing; `beat` gives a sign of life."""

    queue: DueQueue
    hints: Hints
    call: Callable[[Job], None]
    beat: Callable[[], None]
    _beat_at: datetime | None = None
    _is_alone: bool = True  # until somebody could be told

    def __call__(self) -> float:
        """Look once; return in how many seconds to look again."""
        now = self.queue.now()
        if self._beat_at is None or now - self._beat_at >= HEARTBEAT:
            self.beat()
            self._beat_at = now
        for job, due in self.queue.oldest_due().items():
            if due > now:
                continue
            is_told = self.hints.work_is_due(job)
            self._is_alone = not is_told
            if not is_told or now - due > HINT_PATIENCE:
                self.call(job)
        return EVERY_SECONDS_ALONE if self._is_alone else EVERY_SECONDS
