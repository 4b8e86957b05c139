"""Accepts events of a site: stores and commits first, answers then, hints the workers last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from moderator.domain.errors import OverloadedError
from moderator.domain.events.arrival import Answer, Arrival, Receipt
from moderator.domain.events.effects import Response, respond
from moderator.domain.events.known import KnownComment
from moderator.domain.policy import Policy
from moderator.domain.ports import Hints, SiteLookup
from moderator.domain.queue import Job

Rules = Callable[[Arrival, KnownComment | None], Response]


class IntakeStore(Protocol):
    def begin(self, arrivals: Sequence[Arrival], respond: Rules) -> Callable[[], list[Answer]]:
        """Apply what `respond` answers to each arrival, in order, in one transaction.

        `respond` gets the stored comment while its row is locked. The function returned waits for
        COMMIT; it raises StorageUnavailableError when nothing was stored.
        """
        ...

    def waiting(self) -> int:
        """How many submissions wait for a verdict; cheap, may be a moment old."""
        ...


@dataclass(frozen=True, slots=True)
class Accept:
    store: IntakeStore
    sites: SiteLookup
    hints: Hints
    max_waiting: int

    def __call__(self, arrivals: Sequence[Arrival], now: datetime) -> list[Answer]:
        """Store the arrivals. Raises OverloadedError when more waits than the operator allows.

        More arrivals at once than may ever wait are taken when nothing waits.
        """
        return self.begin(arrivals, now)()

    def begin(self, arrivals: Sequence[Arrival], now: datetime) -> Callable[[], list[Answer]]:
        """Accept in two steps, so that concurrent requests share one transaction (group commit)."""
        needed = max(1, min(len(arrivals), self.max_waiting))
        if self.store.waiting() + needed > self.max_waiting:
            raise OverloadedError("Too many submissions are waiting; try again soon")
        return partial(self._end, self.store.begin(arrivals, rules(self.sites)), arrivals)

    def _end(self, stored: Callable[[], list[Answer]], arrivals: Sequence[Arrival]) -> list[Answer]:
        answers = stored()
        if any(isinstance(answer, Receipt) and answer.is_new for answer in answers):
            self.hints.work_is_due(Job.CHECK_LOCAL)
        if any(arrival.rechecks for arrival in arrivals):
            self.hints.work_is_due(Job.REVERIFY)
        return answers


def rules(sites: SiteLookup) -> Rules:
    """What events do (domain/events/effects.py), by the policies of these sites."""
    return partial(_respond, sites)


def _respond(sites: SiteLookup, arrival: Arrival, known: KnownComment | None) -> Response:
    site = sites.get(arrival.submission.site_id)
    policy = Policy() if site is None else site.policy
    return respond(arrival, known, report_at=policy.report_at)
