"""Many slow things at once: the slow do not hold up the fast, and an end gives work back."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from moderator.domain.queue import Job, Ticket
from moderator.storage.base.database import Database
from moderator.storage.judging.rows import JudgingRows
from moderator.usecases.run import flow as flow_module
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits
from tests.builders import a_submission
from tests.house import House

SITES = FlowLimits(places=8, per_site=4, seconds=30)


def flow_over(
    house: House, work: "Work", stopping: threading.Event | None = None
) -> Flow[str, str]:
    work.rows = JudgingRows(house.database)
    return Flow(
        Job.CHECK_LOCAL, house.queue, house.new_token, work, SITES, stopping or threading.Event()
    )


BROKEN = ValueError("this piece is broken")


class Work:
    """Hangs on texts that begin with "slow" until released; fails on "broken" where it is told."""

    rows: JudgingRows

    def __init__(
        self, slow: Sequence[str] = (), error: BaseException = BROKEN, at: str = "work"
    ) -> None:
        self.slow = set(slow)
        self.error = error
        self.at = at
        self.release = asyncio.Event()
        self.written: list[str] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.wrote = asyncio.Event()

    def load(self, tickets: Sequence[Ticket]) -> list[str]:
        self.may_fail("load", tickets)
        return [ticket.subject_id for ticket in tickets]

    def write(self, results: Sequence[tuple[Ticket, str]], now: datetime) -> None:
        self.may_fail("write", [ticket for ticket, _ in results])
        self.rows.finish([(ticket, None) for ticket, _ in results], (), ())
        self.written += [result for _, result in results]
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.wrote.set)

    async def work(self, ticket: Ticket, loaded: str, now: Clock) -> str:
        self.loop = asyncio.get_running_loop()
        if ticket.subject_id in self.slow:
            await self.release.wait()
        self.may_fail("work", [ticket])
        return ticket.subject_id

    def may_fail(self, where: str, tickets: Sequence[Ticket]) -> None:
        if where == self.at and any(ticket.subject_id == "broken" for ticket in tickets):
            raise self.error


def send(house: House, *ids: str) -> None:
    house.send(*(a_submission(f"text {id_}", id=id_, platform_id=id_) for id_ in ids))


def test_the_slow_do_not_hold_up_the_fast(database: Database) -> None:
    house = House(database)
    send(house, "slow1", "slow2", "a", "b", "c", "d", "e", "f")

    async def run() -> list[str]:
        work = Work(["slow1", "slow2"])
        drain = asyncio.ensure_future(flow_over(house, work).drain())
        while len(work.written) < 6:
            await asyncio.sleep(0)
            assert not drain.done()
        first = list(work.written)
        work.release.set()
        assert await drain == 8
        return first

    assert sorted(asyncio.run(run())) == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize("at", ["load", "work", "write"])
@pytest.mark.parametrize(
    "error",
    [BROKEN, KeyError("k"), MemoryError(), SystemExit(3), IntegrityError("INSERT", {}, BROKEN)],
    ids=lambda error: type(error).__name__,
)
def test_a_broken_piece_comes_again_and_harms_nobody(
    database: Database, error: BaseException, at: str, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(database)
    send(house, "a", "broken", "b")
    work = Work(error=error, at=at)
    asyncio.run(flow_over(house, work).drain())
    assert sorted(work.written) == ["a", "b"]
    assert house.rows("SELECT subject_id, attempts, token FROM queue") == [("broken", 1, None)]
    assert "event=failed job=check submission=broken" in caplog.text


def test_an_end_gives_back_what_is_not_done(database: Database) -> None:
    house = House(database)
    send(house, "slow1", "a")
    stopping = threading.Event()

    async def run() -> None:
        work = Work(["slow1"])
        drain = asyncio.ensure_future(flow_over(house, work, stopping).drain())
        await work.wrote.wait()
        stopping.set()
        await drain

    asyncio.run(run())
    assert house.rows("SELECT subject_id, attempts, token FROM queue") == [("slow1", 0, None)]
    lease = timedelta(seconds=flow_module.SHUTDOWN_SECONDS)
    assert house.queue.claim(Job.CHECK_LOCAL, 1, token="t", lease=lease)[0].subject_id == "slow1"
