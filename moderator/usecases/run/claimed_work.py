"""Pieces of claimed work: loaded, written, set back; in threads, beside the event loop."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.queue import Job, Ticket, backoff
from moderator.usecases.ports import WorkQueue

log = logging.getLogger(__name__)

Loaded = TypeVar("Loaded")
Result = TypeVar("Result")
Clock = Callable[[], datetime]

LEASE = timedelta(seconds=45)


class Work(Protocol[Loaded, Result]):
    """What one kind of job does with what was claimed. `load` and `write` are called in threads."""

    def load(self, tickets: Sequence[Ticket]) -> Sequence[Loaded]:
        """What each ticket needs, in their order; for all of them at once."""
        ...

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Result:
        """`now` tells the database's time without asking it."""
        ...

    def write(self, results: Sequence[tuple[Ticket, Result]], now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Failed:
    """What a piece came to that raised."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class ClaimedWork(Generic[Loaded, Result]):
    """A piece that fails with anything at all is set back; the others do not notice."""

    job: Job
    queue: WorkQueue
    new_token: Callable[[], str]
    work: Work[Loaded, Result]

    def claim(self, limit: int, without: Sequence[str]) -> list[tuple[Ticket, Loaded]]:
        """What was claimed, each with what it needs."""
        token = self.new_token()
        tickets = self.queue.claim(self.job, limit, token=token, lease=LEASE, without_sites=without)
        if not tickets:
            return []
        try:
            return list(zip(tickets, self.work.load(tickets), strict=True))
        except StorageUnavailableError:
            raise
        except ANYTHING as error:
            return self._load_singly(tickets, error)

    def _load_singly(
        self, tickets: Sequence[Ticket], error: BaseException
    ) -> list[tuple[Ticket, Loaded]]:
        """One that cannot be loaded must not keep the others from it."""
        loaded = []
        if len(tickets) == 1:
            self.set_back(tickets[0], error, tickets[0].claimed_at)
            return []
        for ticket in tickets:
            try:
                loaded += list(zip([ticket], self.work.load([ticket]), strict=True))
            except StorageUnavailableError:
                raise
            except ANYTHING as its_error:
                self.set_back(ticket, its_error, ticket.claimed_at)
        return loaded

    def write(self, results: Sequence[tuple[Ticket, Result | Failed]], now: datetime) -> None:
        """Write a batch; what spoils it is found one by one, and set back."""
        done = []
        for ticket, result in results:
            if isinstance(result, Failed):
                self.set_back(ticket, result.error, now)
            else:
                done.append((ticket, result))
        if not done:
            return
        try:
            self.work.write(done, now)
        except StorageUnavailableError:
            raise
        except ANYTHING as error:
            if len(done) == 1:
                self.set_back(done[0][0], error, now)
                return
            for pair in done:
                self.write([pair], now)

    def set_back(self, ticket: Ticket, error: BaseException, now: datetime) -> None:
        log.error("%s failed submission=%s", self.job, ticket.submission_id, exc_info=error)
        self.queue.release(ticket, now + backoff(ticket.attempts))
