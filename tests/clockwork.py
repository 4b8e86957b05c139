"""An event loop whose clock a test can put forward: seconds pass without anybody waiting."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


class Clockwork(asyncio.SelectorEventLoop):
    """`ahead` is how many seconds its clock is before the real one."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


def put_forward(seconds: float) -> None:
    """Let time pass in the running loop: what is due by then happens now."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Clockwork)
    loop.ahead += seconds


def run(main: Coroutine[None, None, Result]) -> Result:
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        return runner.run(main)
