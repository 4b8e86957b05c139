"""Deadlines of the network that stand still while we wait for something of our own.

A page has ten seconds to answer, and our database may be busy for three of them: that is not the
page's time. What waits for ourselves does so inside `own_time()`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar


class Deadline:
    """One running deadline; several tasks below it may hold it up at the same time."""

    def __init__(self, timeout: asyncio.Timeout) -> None:
        self._timeout = timeout
        self._holders = 0
        self._left = 0.0

    def hold(self) -> None:
        self._holders += 1
        when = self._timeout.when()
        if self._holders == 1 and when is not None:
            self._left = when - asyncio.get_running_loop().time()
            if self._left > 0:  # else it has passed
                self._move(None)

    def let_go(self) -> None:
        self._holders -= 1
        if self._holders == 0 and self._left > 0:
            self._move(asyncio.get_running_loop().time() + self._left)

    def _move(self, when: float | None) -> None:
        with suppress(RuntimeError):  # it is passing, or its block was left
            self._timeout.reschedule(when)


_running: ContextVar[tuple[Deadline, ...]] = ContextVar("running", default=())


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Raises TimeoutError when the block takes longer than `seconds` of others' time."""
    async with asyncio.timeout(seconds) as timeout:
        token = _running.set((*_running.get(), Deadline(timeout)))
        try:
            yield
        finally:
            _running.reset(token)


@asynccontextmanager
async def own_time() -> AsyncIterator[None]:
    """No deadline around this block, or around the task that it runs in, goes on meanwhile."""
    held = _running.get()
    for each in held:
        each.hold()
    try:
        yield
    finally:
        for each in held:
            each.let_go()
