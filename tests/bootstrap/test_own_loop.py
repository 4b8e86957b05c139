"""A loop of its own outlives each drain, whatever goes wrong in one."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import pytest

from moderator.bootstrap.own_loop import OwnLoop


@pytest.fixture
def loop() -> Iterator[OwnLoop]:
    loop = OwnLoop("test")
    yield loop
    loop.close()


async def name() -> int:
    return id(asyncio.get_running_loop())


def test_drains_share_their_loop_and_the_loops_differ(loop: OwnLoop) -> None:
    other = OwnLoop("other")
    one, two, three = loop.wrap(name)(), loop.wrap(name)(), other.wrap(name)()
    other.close()
    assert one == two != three


async def leave() -> None:
    raise SystemExit(3)


async def exits_in_a_task() -> int:
    await asyncio.gather(leave())
    return 0


def test_an_exit_in_a_task_ends_neither_the_loop_nor_the_others(loop: OwnLoop) -> None:
    with pytest.raises(SystemExit):
        loop.wrap(exits_in_a_task)()
    assert loop.wrap(name)()


def test_what_runs_at_the_end_is_cancelled_and_the_last_word_is_heard() -> None:
    loop = OwnLoop("test")
    begun = threading.Event()
    said = []

    async def hangs() -> int:
        begun.set()
        await asyncio.Event().wait()
        return 1

    async def last() -> None:
        said.append("last")

    outcome: Future[type[BaseException] | None] = Future()

    def run() -> None:
        try:
            loop.wrap(hangs)()
        except CancelledError:
            outcome.set_result(CancelledError)

    threading.Thread(target=run).start()
    begun.wait()
    loop.close(last)
    assert (outcome.result(30), said) == (CancelledError, ["last"])
