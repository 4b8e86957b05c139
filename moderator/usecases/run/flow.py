"""Runs work that waits for the network, many rows at once, in one event loop.

Rows are claimed as places become free, so the slowest delays nobody. The database is asked in
threads, so that it never blocks the event loop.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.queue import Job, Ticket
from moderator.usecases.ports import WorkQueue
from moderator.usecases.run.claimed_work import ClaimedWork, Failed, Work
from moderator.usecases.run.turns import Turns

Loaded = TypeVar("Loaded")
Result = TypeVar("Result")

LOOK_SECONDS = 0.25  # seconds until a look for new work while all that runs is slow
SHUTDOWN_SECONDS = 3.0  # seconds that what runs may take when the process is to end
GATHER_SECONDS = 0.02  # seconds in which finished pieces are gathered into one write
CLAIM_FACTOR_UNANSWERED = (
    2  # claims of a site that has not answered yet: so many times what it may run at once
)
NEVER = float("inf")
FLOWING: tuple[float, frozenset[str]] = (-NEVER, frozenset())
MAX_WRITE_TRIES = 3  # tries of a write while the database does not answer


@dataclass(frozen=True, slots=True)
class FlowLimits:
    """`places` run at once, `per_site` of them for one site; `claims` rows are claimed at once.

    After `seconds` no more is claimed.
    """

    places: int = 64
    per_site: int = 8
    claims: int = 64
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Flow(Generic[Loaded, Result]):
    """One such job. Work that raises is released with a back-off; the rest is not affected."""

    job: Job
    queue: WorkQueue
    new_token: Callable[[], str]
    work: Work[Loaded, Result]
    limits: FlowLimits = FlowLimits()
    stopping: threading.Event = field(default_factory=threading.Event)

    async def drain(self) -> int:
        """Work until nothing is due or the time is over; return how many pieces were done.

        When the process is to end, what runs has SHUTDOWN_SECONDS more; the rest is handed back at
        once,
        uncounted. Raises StorageUnavailableError when the database does not
        answer: what is held then comes back when its lease ends.
        """
        return await _Drain(self).run()


class _Drain(Generic[Loaded, Result]):
    """One drain of a flow: the loop that claims, begins and writes as there is room."""

    def __init__(self, flow: Flow[Loaded, Result]) -> None:
        self._flow = flow
        self._pieces = ClaimedWork(flow.job, flow.queue, flow.new_token, flow.work)
        self._limits = flow.limits
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._until = self._time() + flow.limits.seconds
        self._end = NEVER
        self._turns: Turns[tuple[Ticket, Loaded]] = Turns(flow.limits.per_site)
        self._places: dict[asyncio.Task[None], Ticket] = {}
        self._finished: list[tuple[Ticket, Result | Failed]] = []
        self._left: list[Ticket] = []  # claimed, not begun, to be given back
        self._perhaps_heard: list[Ticket] = []  # callbacks that were being sent at the end
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
        self._timer = self._loop.call_later(LOOK_SECONDS, self._look)

    def _turn(self) -> bool:
        """Begin what can begin; False when nothing is left to wait for."""
        now = self._time()
        if self._flow.stopping.is_set():
            self._end = min(self._end, now + SHUTDOWN_SECONDS)
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
        result: Result | Failed
        try:
            result = await self._pieces.work.work(ticket, loaded, self.now)
        except asyncio.CancelledError as error:
            if self._is_leaving:
                raise
            result = Failed(error)
        except ANYTHING as error:
            result = Failed(error)
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
        return now - dry_at >= LOOK_SECONDS or (bool(without) and not without <= self._full(now))

    def _full(self, now: float) -> frozenset[str]:
        return self._turns.full(now, max(self._limits.per_site, self._limits.claims // 2))

    async def _claim(self) -> None:
        limits, now, written = self._limits, self._time(), self._written
        full = self._full(now)
        # Who has not answered yet may never answer.
        few = min(limits.claims, CLAIM_FACTOR_UNANSWERED * limits.per_site)
        limit = limits.claims if self._turns.is_moving(now) else few
        asked = time.monotonic()  # from here on leases run, however late we hear of it
        pieces = await asyncio.to_thread(self._pieces.claim, limit, sorted(full))
        now = self._time()
        self._dry = FLOWING if pieces or self._written > written else (now, full)
        for ticket, loaded in pieces:
            self._turns.add(ticket.site_id, (ticket, loaded), now)
            self._told = (ticket.claimed_at, asked)

    async def _release(self) -> None:
        """What was being said may have been heard, so the attempt counts: a newer decision is told
        in any case (storage/decisions/outbox.py).
        """
        for ticket in self._perhaps_heard:
            await asyncio.to_thread(self._flow.queue.release, ticket, self.now())

    async def _hand_back(self) -> None:
        left, self._left = self._left, []
        await asyncio.to_thread(self._flow.queue.hand_back, left)

    async def _write(self) -> None:
        if self._places:
            await asyncio.sleep(GATHER_SECONDS)
        finished, self._finished = self._finished, []
        try:
            await asyncio.to_thread(self._pieces.write, finished, self.now())
        except StorageUnavailableError:
            self._failed_writes += 1
            if self._failed_writes >= MAX_WRITE_TRIES:
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
        self._left += [ticket for ticket, _ in self._turns.rest()]
        if self._flow.job is Job.DELIVER:
            self._perhaps_heard = list(begun.values())
        else:
            self._left += begun.values()
        if self._broken is None and self._finished:
            await self._do("write", self._write)
        if self._broken is None and self._perhaps_heard:
            await self._do("release", self._release)
        if self._broken is None and self._left:
            await self._do("hand back", self._hand_back)
