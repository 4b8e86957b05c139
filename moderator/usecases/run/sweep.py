"""The sweeper: finds due rows whose hint was lost, hints again, or has the job drained here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.ports import Hints
from moderator.domain.queue import Job

HINT_PATIENCE = timedelta(seconds=5)  # that due work may wait although hints can be sent
HEARTBEAT = timedelta(seconds=15)
# Seconds until the next look: while others are told of what comes they are told by who brings it.
SET_BACK = timedelta(seconds=1)  # by which a clock that only goes on is never behind itself
# After which others write no more by the earlier time: processes that ask for it now and then, and
# who tells the time from a claim, for as long as a lease.
LATE_WRITERS = (timedelta(seconds=3), timedelta(seconds=50))
EVERY_SECONDS = 1.0
EVERY_SECONDS_ALONE = 0.1
LATE_EVERY_SECONDS = 2.0  # between two looks of a worker at what is long due


class DueQueue(Protocol):
    def now(self) -> datetime: ...

    def oldest_due(self) -> dict[Job, datetime]: ...


class TimeKeeping(Protocol):
    def ahead(self) -> timedelta:
        """How far the latest time that anybody left behind lies ahead of now; 0 for not at all."""
        ...

    def mend(self, by: timedelta) -> None:
        """Make what is due later than now due so much earlier, now at the earliest."""
        ...


@dataclass(slots=True)
class ClockWatch:
    """Sees that the database's clock was set back, and has mended what then lies ahead.

    It is seen between two looks, or by what was written meanwhile: a clock may be ahead for less
    than the time between two looks, or while nobody who looks can ask. What was written as due
    before would wait for as long. It is made due earlier by as much, and twice more a moment later:
    others may not have known yet. What is looked at too early does no harm, so that everybody may
    watch who looks at the queue.
    """

    times: TimeKeeping
    _looked_at: datetime | None = None
    _to_mend: list[tuple[datetime, timedelta]] = field(default_factory=list)  # when, by how much

    def __call__(self, now: datetime) -> bool:
        """Whether it was set back since the last call, or before the first one."""
        by = max((self._looked_at or now) - now, self.times.ahead())
        self._looked_at = now
        is_back = by > SET_BACK
        if is_back:
            last = now + LATE_WRITERS[-1]  # whose time was told by the clock as it was before
            self._to_mend = [(min(when, last), one) for when, one in self._to_mend]
            self._to_mend += [(now + wait, by) for wait in (timedelta(), *LATE_WRITERS)]
        for due in [one for one in self._to_mend if one[0] <= now]:
            self.times.mend(due[1])
            self._to_mend.remove(due)  # after what raises it is tried again
        return is_back


@dataclass(slots=True)
class Sweep:
    """`call` has a job done here and waits for nothing; `beat` gives a sign of life."""

    queue: DueQueue
    hints: Hints
    call: Callable[[Job], None]
    beat: Callable[[], None]
    watch: ClockWatch
    _beat_at: datetime | None = None
    _is_alone: bool = True  # until somebody could be told

    def __call__(self) -> float:
        """Look once; return in how many seconds to look again."""
        now = self.queue.now()
        if self.watch(now):
            self._beat_at = None
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


@dataclass(frozen=True, slots=True)
class LateSweep:
    """In every worker: what is long due is done there, whether or not any hint gets through.

    So no work hangs on one process: Redis may be half-open and the sweeper dead.
    """

    queue: DueQueue
    call: Callable[[Job], None]
    watch: ClockWatch

    def __call__(self) -> None:
        now = self.queue.now()
        self.watch(now)
        for job, due in self.queue.oldest_due().items():
            if now - due > HINT_PATIENCE:
                self.call(job)
