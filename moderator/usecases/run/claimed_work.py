"""Claims rows of one job, loads what they need, writes results; called in threads by a flow.

A row whose work raises is released with a back-off (`domain.queue.backoff`) and claimed again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.queue import LEASES, Job, Ticket, backoff
from moderator.usecases.ports import WorkQueue

Loaded = TypeVar("Loaded")
Result = TypeVar("Result")
Clock = Callable[[], datetime]


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
    """The result of work that raised."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class ClaimedWork(Generic[Loaded, Result]):
    """Claims, loads and writes the rows of one job.

    1. `claim` leases rows (`domain.queue.LEASES`) and loads what they need.
    2. `write` writes results in one transaction; when that fails, each by itself.
    3. What raised is logged and released; the others of its batch are not affected.

    Raises StorageUnavailableError: then nothing is released, and the leases run out.
    """

    job: Job
    queue: WorkQueue
    new_token: Callable[[], str]
    work: Work[Loaded, Result]

    def claim(self, limit: int, without: Sequence[str]) -> list[tuple[Ticket, Loaded]]:
        """Lease up to `limit` rows, none of the sites `without`; return each with what it needs."""
        token = self.new_token()
        tickets = self.queue.claim(
            self.job, limit, token=token, lease=LEASES[self.job], without_sites=without
        )
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
        """Load each row by itself; release those that cannot be loaded."""
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
        """Write a batch in one transaction; if it raises, write each row by itself."""
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
        self.queue.fail(ticket, error, now + backoff(ticket.attempts))
