"""A deadline counts what others take, and stands still while we wait for ourselves."""

import asyncio

import pytest

from moderator.domain.timing.deadlines import deadline, own_time
from tests.clockwork import put_forward, run


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def waits(seconds_of_others: float, seconds_of_ours: float) -> str:
    async with deadline(10):
        async with own_time():
            put_forward(seconds_of_ours)
            await turns()
        put_forward(seconds_of_others)
        await turns()
    return "in time"


def test_our_own_time_does_not_count() -> None:
    assert run(waits(9, 1_000)) == "in time"


def test_the_time_of_others_does() -> None:
    with pytest.raises(TimeoutError):
        run(waits(11, 0))


async def one_of_two_waits_for_us() -> str:
    ours, theirs = asyncio.Event(), asyncio.Event()

    async def wait_for_us() -> None:
        async with own_time():
            await ours.wait()

    async with deadline(10):
        tasks = [asyncio.ensure_future(wait_for_us()) for _ in range(2)]
        await turns()
        put_forward(1_000)
        await turns()
        ours.set()
        await asyncio.gather(*tasks)
        theirs.set()
        put_forward(11)
        await turns()
    return "in time"


def test_tasks_below_hold_it_up_together_and_it_goes_on_afterwards() -> None:
    with pytest.raises(TimeoutError):
        run(one_of_two_waits_for_us())


async def inner_and_outer() -> list[str]:
    said = []
    async with deadline(20):
        try:
            async with deadline(5):
                async with own_time():
                    put_forward(1_000)
                    await turns()
                put_forward(6)
                await turns()
        except TimeoutError:
            said.append("inner")
        await turns()
        said.append("outer goes on")
    return said


def test_a_deadline_within_another_is_held_up_with_it() -> None:
    assert run(inner_and_outer()) == ["inner", "outer goes on"]


async def too_late() -> None:
    async with deadline(10):
        put_forward(11)
        async with own_time():
            await asyncio.Event().wait()


def test_what_has_passed_already_is_not_taken_back() -> None:
    with pytest.raises(TimeoutError):
        run(too_late())
