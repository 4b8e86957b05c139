"""A semaphore per event loop: bounds the file descriptors and threads that a client uses."""

import asyncio
from weakref import WeakKeyDictionary


class LoopSemaphore:
    """A semaphore for each event loop, because a client outlives the loops it is used in."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._of: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self._of = WeakKeyDictionary()

    def here(self) -> asyncio.Semaphore:
        """The semaphore of the running loop."""
        return self._of.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._places))
