"""Leaves a dead dependency alone for a moment, so that its time-outs are not paid over and over."""

import time
from collections.abc import Callable

REST = 2.0  # seconds


class Breaker:
    """After `trip`, `is_open` for a while; then the next call tries again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, rest: float = REST) -> None:
        self._clock = clock
        self._rest = rest
        self._until = float("-inf")

    @property
    def is_open(self) -> bool:
        return self._clock() < self._until

    def trip(self) -> None:
        self._until = self._clock() + self._rest
