"""Wait for decisions: one loop per process looks for all who wait, woken when some were written.

Whoever waits is told once, from the loop's thread, and must not keep it. The loop is woken by a
bell that says nothing but "look now"; where there is none, or it is broken, it looks on its own.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.verdict import Decision
from moderator.usecases.ports import EventLog

MOST = 1_024  # who may wait at once: one more is not kept waiting
LISTENING, DEAF = 0.05, 0.02  # seconds between two looks, with a bell and without
IDLE = 30.0  # seconds without anybody waiting after which the bell is put away

Told = Callable[[Decision], object]
Decisions = Callable[[Collection[str]], Mapping[str, Decision]]


class Bell(Protocol):
    """Rings when decisions were written, in this process or another. It may be broken."""

    def wait(self, seconds: float) -> bool:
        """Wait for it to ring, no longer than that; return whether it works."""
        ...

    def rest(self) -> None:
        """Nobody listens for a while."""
        ...


@dataclass(frozen=True, slots=True)
class _Waiter:
    id: str
    told: Told


class Watch:
    """`decisions` returns what is decided among those asked for."""

    def __init__(
        self, decisions: Decisions, bell: Bell, log: EventLog, *, most: int = MOST
    ) -> None:
        self._decisions = decisions
        self._bell = bell
        self._log = log
        self._most = most
        self._some = threading.Condition()
        self._waiting: dict[object, _Waiter] = {}
        self._thread: threading.Thread | None = None

    def begin(self, id_: str, told: Told) -> Callable[[], None] | None:
        """Have `told` called with the decision on `id_`; return what ends the waiting.

        None where too many wait already: then nobody will be told.
        """
        mark = object()
        with self._some:
            if len(self._waiting) >= self._most:
                return None
            self._waiting[mark] = _Waiter(id_, told)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
            self._some.notify()
        return lambda: self._end(mark)

    def _end(self, mark: object) -> None:
        with self._some:
            self._waiting.pop(mark, None)

    def _run(self) -> None:
        pause = DEAF
        while True:
            with self._some:
                while not self._waiting:
                    if not self._some.wait(IDLE):
                        self._bell.rest()
            pause = LISTENING if self._bell.wait(pause) else DEAF
            try:
                self._look()
            except ANYTHING as error:  # the loop goes on: who waits is answered without a decision
                self._log.failure("watch_failed", error)

    def _look(self) -> None:
        with self._some:
            waiting = dict(self._waiting)
        if not waiting:
            return
        try:
            found = self._decisions({each.id for each in waiting.values()})
        except StorageUnavailableError as error:
            self._log.warning("watch_blind", error=error)
            return
        for mark, each in waiting.items():
            decision = found.get(each.id)
            if decision is None:
                continue
            self._end(mark)
            each.told(decision)
