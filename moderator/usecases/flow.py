"""Keeps many slow things going at once, so that nobody waits for the slowest.

More is claimed as others finish, and no site takes all the places.
"""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from moderator.domain.jobs import Job
from moderator.domain.work import Ticket
from moderator.usecases.check import WorkQueue

log = logging.getLogger(__name__)

Result = TypeVar("Result")
LEASE = timedelta(seconds=45)
BACKOFF = timedelta(seconds=2)  # doubled with every attempt
MAX_DOUBLINGS = 9
LOOK = 0.25  # seconds until a look for new work while all that runs is slow
STOP = 3.0  # seconds that what runs may take when the process is to end
GATHER = 0.01  # seconds in which finished pieces are gathered into one write


@dataclass(frozen=True, slots=True)
class Limits:
    """`places` run at once, `per_site` of them for one site; `seconds` until no more is claimed."""

    places: int = 64
    per_site: int = 8
    seconds: float = 30.0


@dataclass(slots=True)
class Flow(Generic[Result]):
    """One drain of a job whose pieces wait for the network.

    `work` handles one ticket, `write` stores a batch of results. A piece that raises goes back into
    the queue with a backoff; the others do not notice.
    """

    job: Job
    queue: WorkQueue
    new_token: Callable[[], str]
    work: Callable[[Ticket], Awaitable[Result]]
    write: Callable[[Sequence[tuple[Ticket, Result]]], None]
    limits: Limits = Limits()
    stopping: threading.Event = field(default_factory=threading.Event)

    async def drain(self) -> int:
        """Work until nothing is due or the time is over; return how many pieces were done.

        When the process is to end, what runs has STOP seconds more; the rest goes back at once, as
        if it had never been claimed.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self.limits.seconds
        end: float | None = None
        running: dict[asyncio.Task[Result], Ticket] = {}
        done_count = 0
        while True:
            if self.stopping.is_set() and end is None:
                end = loop.time() + STOP
            if end is None and loop.time() < until:
                self._claim(running)
            if not running:
                return done_count
            if end is not None and loop.time() >= end:
                await self._give_back(running)
                return done_count
            await asyncio.wait(running, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
            done, _ = await asyncio.wait(running, timeout=GATHER)
            done_count += self._finish([(running.pop(task), task) for task in done])

    async def _give_back(self, running: dict[asyncio.Task[Result], Ticket]) -> None:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        self.queue.hand_back(running.values())

    def _claim(self, running: dict[asyncio.Task[Result], Ticket]) -> None:
        places = self.limits.places - len(running)
        if places < max(1, self.limits.places // 8):
            return
        per_site = Counter(ticket.site_id for ticket in running.values())
        full = [site for site, count in per_site.items() if count >= self.limits.per_site]
        tickets = self.queue.claim(
            self.job,
            min(places, self.limits.per_site),
            token=self.new_token(),
            lease=LEASE,
            without_sites=full,
        )
        for ticket in tickets:
            running[asyncio.ensure_future(self.work(ticket))] = ticket

    def _finish(self, done: Sequence[tuple[Ticket, asyncio.Task[Result]]]) -> int:
        results = []
        for ticket, task in done:
            error = task.exception()
            if error is None:
                results.append((ticket, task.result()))
                continue
            log.error("%s failed submission=%s", self.job, ticket.subject_id, exc_info=error)
            wait = BACKOFF * 2 ** min(ticket.attempts, MAX_DOUBLINGS)
            self.queue.release(ticket, self.queue.now() + wait)
        self.write(results)
        return len(done)
