"""Take in what a site sends: stored and committed first, answered then, hinted last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.arrival import Arrival, Receipt
from moderator.domain.errors import ConflictError, NotFoundError, OverloadedError
from moderator.domain.jobs import Job
from moderator.domain.ports import Hints


class IntakeStore(Protocol):
    def add(self, arrivals: Sequence[Arrival]) -> list[Receipt | ConflictError | NotFoundError]:
        """Store all in one transaction and return after COMMIT, answers in order.

        Raises StorageUnavailableError when nothing was stored.
        """
        ...

    def waiting(self) -> int:
        """How many submissions wait for a verdict; cheap, may be a moment old."""
        ...


@dataclass(frozen=True, slots=True)
class Accept:
    store: IntakeStore
    hints: Hints
    max_waiting: int

    def __call__(
        self, arrivals: Sequence[Arrival], now: datetime
    ) -> list[Receipt | ConflictError | NotFoundError]:
        """Store the arrivals. Raises OverloadedError when more waits than the operator allows."""
        if self.store.waiting() + len(arrivals) > self.max_waiting:
            raise OverloadedError("Too many submissions are waiting; try again soon")
        answers = self.store.add(arrivals)
        if any(isinstance(answer, Receipt) and answer.is_new for answer in answers):
            self.hints.work_is_due(Job.CHECK)
        if any(arrival.rechecks for arrival in arrivals):
            self.hints.work_is_due(Job.REVERIFY)
        return answers
