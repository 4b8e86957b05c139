"""What checks ask of the database, in threads: the event loop serves the network meanwhile.

While we wait for our own database no deadline of the network goes on.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from moderator.domain.ports import LinkFate
from moderator.domain.timing.deadlines import own_time
from moderator.storage.fetching.fetch_quota import FetchQuotaRows
from moderator.storage.fetching.link_cache import LinkCacheRows

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class LinkCacheInThreads:
    """Honours domain/ports.py LinkMemory.

    One writes at a time, and for all who come meanwhile: they wait for nothing.
    """

    rows: LinkCacheRows
    _waiting: dict[str, LinkFate] = field(default_factory=dict)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        return await _in_thread(self.rows.recall, urls, now)

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        self._waiting.update({fate.url: fate for fate in fates})
        if self._waiting and not self._writing.locked():
            await _in_thread(self._write, now)

    def _write(self, now: datetime) -> None:
        while self._waiting and self._writing.acquire(blocking=False):
            try:
                taken = [self._waiting.pop(url) for url in list(self._waiting)]
                self.rows.remember(taken, now)
            finally:
                self._writing.release()


@dataclass(frozen=True, slots=True)
class FetchQuotaInThreads:
    """Honours domain/ports.py FetchAccounts."""

    rows: FetchQuotaRows

    async def take(self, limits: Mapping[str, int]) -> float:
        return await _in_thread(self.rows.take, limits)

    async def note(self, name: str, seconds: int) -> None:
        await _in_thread(self.rows.note, name, seconds)

    async def noted(self, name: str) -> int:
        return await _in_thread(self.rows.noted, name)


async def _in_thread(
    call: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    async with own_time():
        return await asyncio.to_thread(call, *args, **kwargs)
