"""Keeps many slow things going at once, so that nobody waits for the slowest.

More is claimed as others finish. Whatever asks our own database runs in threads: the event loop
belongs to the network.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.jobs import Job
from moderator.domain.work import Ticket, backoff
from moderator.usecases.check import WorkQueue
from moderator.usecases.turns import Turns

log = logging.getLogger(__name__)

Loaded = TypeVar("Loaded")
Result = TypeVar("Result")
Clock = Callable[[], datetime]

LEASE = timedelta(seconds=45)
LOOK = 0.25  # seconds until a look for new work while all that runs is slow
STOP = 3.0  # seconds that what runs may take when the process is to end
GATHER = 0.02  # seconds in which finished pieces are gathered into one write
FEW = 2  # claims of a site that has not answered yet: so many times what it may run at once
NEVER = float("inf")
FLOWING: tuple[float, frozenset[str]] = (-NEVER, frozenset())
WRITES = 3  # tries of a write while the database does not answer


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
class Limits:
    """`places` run at once, `per_site` of them for one site; `claims` rows are claimed at once.

    After `seconds` no more is claimed.
    """

    places: int = 64
    per_site: int = 8
    claims: int = 64
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Flow(Generic[Loaded, Result]):
    """One kind of job whose pieces wait for the network.

    A piece that fails with anything at all goes back into the queue with a back-off; the others do
    not notice.
    """

    job: Job
    queue: WorkQueue
    new_token: Callable[[], str]
    work: Work[Loaded, Result]
    limits: Limits = Limits()
    stopping: threading.Event = field(default_factory=threading.Event)

    async def drain(self) -> int:
        """Work until nothing is due or the time is over; return how many pieces were done.

        When the process is to end, what runs has STOP seconds more; the rest goes back at once, as
        if it had never been claimed. Raises StorageUnavailableError when the database does not
        answer: what is held then comes back when its lease ends.
        """
        return await _Drain(self).run()

    # The rest is called in threads.

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

    def write(self, results: Sequence[tuple[Ticket, "Result | _Failed"]], now: datetime) -> None:
        """Write a batch; what spoils it is found one by one, and set back."""
        done = []
        for ticket, result in results:
            if isinstance(result, _Failed):
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


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class _Drain(Generic[Loaded, Result]):
    """One drain of a flow: the loop that claims, begins and writes as there is room."""

    def __init__(self, flow: Flow[Loaded, Result]) -> None:
        self._flow = flow
        self._limits = flow.limits
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._until = self._time() + flow.limits.seconds
        self._end = NEVER
        self._turns: Turns[tuple[Ticket, Loaded]] = Turns(flow.limits.per_site)
        self._places: dict[asyncio.Task[None], Ticket] = {}
        self._finished: list[tuple[Ticket, Result | _Failed]] = []
        self._left: list[Ticket] = []  # claimed, not begun, to be given back
        self._chores: dict[str, asyncio.Task[None]] = {}
        self._stirred = asyncio.Event()
        self._dry = FLOWING  # when a claim brought nothing, and of whom nothing was asked
        self._told = (datetime.min.replace(tzinfo=UTC), 0.0)
        self._written = self._failed_writes = 0
        self._broken: BaseException | None = None
        self._is_leaving = False
        self._count = 0

    async def run(self) -> int:
        self._look()
        try:
            while self._turn():
                await self._stirred.wait()
                self._stirred.clear()
        finally:
            self._is_leaving = True
            self._timer.cancel()
            await self._leave()
        if self._broken is not None:
            raise self._broken
        return self._count

    def now(self) -> datetime:
        told, at = self._told
        return told + timedelta(seconds=time.monotonic() - at)

    def _look(self) -> None:
        """Stir now and then: work comes, the process is to end, a site has stopped to answer."""
        self._left += [ticket for ticket, _ in self._turns.stale(self._time())]
        self._stirred.set()
        self._timer = self._loop.call_later(LOOK, self._look)

    def _turn(self) -> bool:
        """Begin what can begin; False when nothing is left to wait for."""
        now = self._time()
        if self._flow.stopping.is_set():
            self._end = min(self._end, now + STOP)
        if self._end == NEVER and self._broken is None:
            self._fill_places()
            if self._may_claim(now):
                self._chore("claim", self._claim)
        else:
            self._left += [ticket for ticket, _ in self._turns.rest()]
        if self._left:
            self._chore("hand back", self._hand_back)
        if self._finished:
            self._chore("write", self._write)
        return now < self._end and bool(self._places or self._chores)

    # Places: what runs.

    def _fill_places(self) -> None:
        while len(self._places) < self._limits.places:
            turn = self._turns.next()
            if turn is None:
                return
            site_id, (ticket, loaded) = turn
            task = self._loop.create_task(self._work_on(site_id, ticket, loaded))
            self._places[task] = ticket
            task.add_done_callback(self._leave_place)

    def _leave_place(self, task: asyncio.Task[None]) -> None:
        del self._places[task]
        self._stirred.set()

    async def _work_on(self, site_id: str, ticket: Ticket, loaded: Loaded) -> None:
        result: Result | _Failed
        try:
            result = await self._flow.work.work(ticket, loaded, self.now)
        except asyncio.CancelledError as error:
            if self._is_leaving:
                raise
            result = _Failed(error)
        except ANYTHING as error:
            result = _Failed(error)
        finally:
            self._turns.ended(site_id, self._time())
        self._finished.append((ticket, result))

    # Chores: what asks the database, one of a kind at a time.

    def _chore(self, name: str, chore: Callable[[], Coroutine[None, None, None]]) -> None:
        if name not in self._chores:
            self._chores[name] = self._loop.create_task(self._do(name, chore))

    async def _do(self, name: str, chore: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await chore()
        except ANYTHING as error:
            self._broken = error
        finally:
            self._chores.pop(name, None)
            self._stirred.set()

    def _may_claim(self, now: float) -> bool:
        if now >= self._until or 2 * self._turns.waiting > self._limits.claims:
            return False
        dry_at, without = self._dry
        return now - dry_at >= LOOK or (bool(without) and not without <= self._full(now))

    def _full(self, now: float) -> frozenset[str]:
        return self._turns.full(now, max(self._limits.per_site, self._limits.claims // 2))

    async def _claim(self) -> None:
        limits, now, written = self._limits, self._time(), self._written
        full = self._full(now)
        # Who has not answered yet may never answer.
        few = min(limits.claims, FEW * limits.per_site)
        limit = limits.claims if self._turns.is_moving(now) else few
        pieces = await asyncio.to_thread(self._flow.claim, limit, sorted(full))
        now = self._time()
        self._dry = FLOWING if pieces or self._written > written else (now, full)
        for ticket, loaded in pieces:
            self._turns.add(ticket.site_id, (ticket, loaded), now)
            self._told = (ticket.claimed_at, time.monotonic())

    async def _hand_back(self) -> None:
        left, self._left = self._left, []
        await asyncio.to_thread(self._flow.queue.hand_back, left)

    async def _write(self) -> None:
        if self._places:
            await asyncio.sleep(GATHER)
        finished, self._finished = self._finished, []
        try:
            await asyncio.to_thread(self._flow.write, finished, self.now())
        except StorageUnavailableError:
            self._failed_writes += 1
            if self._failed_writes >= WRITES:
                raise
            self._finished = finished + self._finished
        else:
            self._failed_writes = 0
            self._written += 1
            self._dry = FLOWING  # the next of a lane may have its turn
            self._count += len(finished)

    async def _leave(self) -> None:
        """Write what is done, and give back what is not."""
        begun = dict(self._places)
        for task in begun:
            task.cancel()
        if begun or self._chores:
            await asyncio.wait([*begun, *self._chores.values()])
        self._left += [*begun.values(), *(ticket for ticket, _ in self._turns.rest())]
        if self._broken is None and self._finished:
            await self._do("write", self._write)
        if self._broken is None and self._left:
            await self._do("hand back", self._hand_back)
