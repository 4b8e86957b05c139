"""Group commit: arrivals of many requests share one transaction, and so one sync to disk.

A request that finds nobody writing writes in its own thread, for itself and for all who wait, and
hands over to the first that came meanwhile. So a group's size follows the load by itself, and a
lone request waits for nobody.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from moderator.domain.arrival import Answer, Arrival
from moderator.domain.errors import ModeratorError, StorageUnavailableError
from moderator.storage.intake import IntakeRows, Rules

MAX_GROUP = 500  # arrivals in one transaction
PATIENCE = 15.0  # seconds a request waits for its group
UNWRITTEN = "The database did not take this in time"


@dataclass(slots=True, eq=False)
class Waiting:
    """One request; `turn` stays locked until it is answered, or it is its turn to write."""

    arrivals: Sequence[Arrival]
    respond: Rules
    turn: threading.Lock = field(default_factory=threading.Lock)
    answers: list[Answer] | None = None
    error: Exception | None = None

    @property
    def is_answered(self) -> bool:
        return self.answers is not None or self.error is not None


class GroupedIntake:
    """`usecases.accept.IntakeStore` that writes the arrivals of concurrent requests together."""

    def __init__(self, rows: IntakeRows, *, patience: float = PATIENCE) -> None:
        self._rows = rows
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[Waiting] = deque()
        self._is_writing = False

    def waiting(self) -> int:
        return self._rows.waiting()

    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> list[Answer]:
        mine = Waiting(arrivals, respond)
        mine.turn.acquire()
        with self._lock:
            self._waiting.append(mine)
            must_wait, self._is_writing = self._is_writing, True
        if must_wait and not mine.turn.acquire(timeout=self._patience):
            self._give_up(mine)
        if not mine.is_answered:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return mine.answers or []

    def _give_up(self, mine: Waiting) -> None:
        """Leave the line. Raises StorageUnavailableError unless it is our turn at this moment."""
        with self._lock:
            if mine.turn.acquire(blocking=False):
                return
            if mine in self._waiting:
                self._waiting.remove(mine)
        raise StorageUnavailableError(UNWRITTEN)

    def _lead(self, mine: Waiting) -> None:
        """Write for all who wait; whatever happens, hand over and leave nobody waiting."""
        with self._lock:
            group = self._take()
        try:
            self._write(group)
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting[0].turn.release()
                else:
                    self._is_writing = False
            for waiting in group:
                if not waiting.is_answered:
                    waiting.error = StorageUnavailableError(UNWRITTEN)
                if waiting is not mine:
                    waiting.turn.release()

    def _take(self) -> list[Waiting]:
        size = 0
        group: list[Waiting] = []
        while self._waiting and (not group or size + len(self._waiting[0].arrivals) <= MAX_GROUP):
            group.append(self._waiting.popleft())
            size += len(group[-1].arrivals)
        return group

    def _write(self, group: list[Waiting]) -> None:
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

    def _write_alone(self, group: list[Waiting], error: Exception) -> None:
        if len(group) == 1:
            group[0].error = error
            return
        for waiting in group:
            self._write([waiting])
