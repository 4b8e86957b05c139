"""Drains jobs in this process when no hint can be sent: a thread per job."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moderator.domain.ports import Hints
from moderator.domain.queue import Job


@dataclass(slots=True)
class StandIn:
    """Implements domain.ports.Hints: where a hint cannot be sent, the job is drained here.

    A thread begins with the first call for its job. A call while it drains makes it drain again.
    """

    hints: Hints
    stopping: threading.Event
    drains: Mapping[Job, Callable[[], int]] = field(default_factory=dict)
    _calls: dict[Job, threading.Event] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work_is_due(self, job: Job) -> bool:
        """Return whether somebody else could be told."""
        is_told = self.hints.work_is_due(job)
        if not is_told:
            self.call(job)
        return is_told

    def call(self, job: Job) -> None:
        """Have `job` drained here; never waits."""
        with self._lock:
            if self.stopping.is_set():
                return
            if job not in self._calls:
                self._calls[job] = threading.Event()
                thread = threading.Thread(target=self._stand_by, args=(job,), name=f"drain {job}")
                self._threads.append(thread)
                thread.start()
            self._calls[job].set()

    def join(self) -> None:
        """Wait until all have ended; `stopping` must be set."""
        with self._lock:
            for call in self._calls.values():
                call.set()
        for thread in self._threads:
            thread.join()

    def _stand_by(self, job: Job) -> None:
        called = self._calls[job]
        while called.wait() and not self.stopping.is_set():
            called.clear()
            self.drains[job]()
