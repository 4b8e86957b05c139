"""Group commit: the arrivals of concurrent requests share one transaction, and so one fsync.

1. A request appends its arrivals to the line.
2. If no other request is writing, it writes all that is in line, in its own thread, and commits.
3. It then wakes those it wrote for, and the next in line writes. A lone request never waits.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from moderator.domain.errors import ModeratorError, StorageUnavailableError
from moderator.domain.events.arrival import Answer, Arrival
from moderator.storage.intake.rows import IntakeRows, Rules

MAX_GROUP = 500  # arrivals in one transaction
TURN_SECONDS = 1.0  # seconds a request waits for its turn
UNWRITTEN = "The database did not take this in time"


@dataclass(slots=True, eq=False)
class PendingArrivals:
    """The arrivals of one request in line; `turn` is locked until they are written or it must
    write.
    """

    arrivals: Sequence[Arrival]
    respond: Rules
    turn: threading.Lock = field(default_factory=threading.Lock)
    answers: list[Answer] | None = None
    error: Exception | None = None

    @property
    def is_answered(self) -> bool:
        return self.answers is not None or self.error is not None


class GroupCommit:
    """`usecases.intake.accept.IntakeStore`: writes the arrivals of concurrent requests together."""

    def __init__(self, rows: IntakeRows, *, patience: float = TURN_SECONDS) -> None:
        self._rows = rows
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[PendingArrivals] = deque()
        self._asleep: dict[PendingArrivals, None] = {}  # whose threads wait
        self._is_writing = False

    def waiting(self) -> int:
        return self._rows.waiting()

    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> list[Answer]:
        return self.begin(arrivals, respond)()

    def begin(self, arrivals: Sequence[Arrival], respond: Rules) -> Callable[[], list[Answer]]:
        """Append to the line; the function returned waits for the answers, or writes the group."""
        mine = PendingArrivals(arrivals, respond)
        with self._lock:
            self._waiting.append(mine)
        return partial(self._end, mine)

    def _end(self, mine: PendingArrivals) -> list[Answer]:
        with self._lock:
            must_wait = self._is_writing and not mine.is_answered
            if must_wait:
                mine.turn.acquire()
                self._asleep[mine] = None
            elif not mine.is_answered:
                self._is_writing = True
        if must_wait and not mine.turn.acquire(timeout=self._patience):
            self._give_up(mine)
        if not mine.is_answered:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.answers or []

    def _give_up(self, mine: PendingArrivals) -> None:
        """Leave the line. Raises StorageUnavailableError unless it is our turn at this moment."""
        with self._lock:
            if mine.turn.acquire(blocking=False):
                return
            del self._asleep[mine]
            if mine in self._waiting:
                self._waiting.remove(mine)
        raise StorageUnavailableError(UNWRITTEN)

    def _lead(self) -> None:
        """Write for all who wait; whatever happens, hand over and leave nobody waiting."""
        with self._lock:
            group = self._take()
        try:
            self._write(group)
        finally:
            with self._lock:
                for waiting in group:
                    if not waiting.is_answered:
                        waiting.error = StorageUnavailableError(UNWRITTEN)
                    if waiting in self._asleep:
                        self._wake(waiting)
                # Those in line whose threads are not here yet write for themselves.
                if self._asleep:
                    self._wake(next(iter(self._asleep)))
                else:
                    self._is_writing = False

    def _wake(self, waiting: PendingArrivals) -> None:
        del self._asleep[waiting]
        waiting.turn.release()

    def _take(self) -> list[PendingArrivals]:
        size = 0
        group: list[PendingArrivals] = []
        while self._waiting and (not group or size + len(self._waiting[0].arrivals) <= MAX_GROUP):
            group.append(self._waiting.popleft())
            size += len(group[-1].arrivals)
        return group

    def _write(self, group: list[PendingArrivals]) -> None:
        try:
            together = [arrival for one in group for arrival in one.arrivals]
            answers = self._rows.add(together, group[0].respond)  # one process, one set of rules
        except ModeratorError as error:
            for waiting in group:
                waiting.error = error
            return
        except Exception as error:  # noqa: BLE001  # one request's fault must not be its neighbours'
            self._write_alone(group, error)
            return
        start = 0
        for waiting in group:
            waiting.answers = answers[start : start + len(waiting.arrivals)]
            start += len(waiting.arrivals)

    def _write_alone(self, group: list[PendingArrivals], error: Exception) -> None:
        if len(group) == 1:
            group[0].error = error
            return
        for waiting in group:
            self._write([waiting])
