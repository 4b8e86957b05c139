"""What checks ask of the database, in threads: the event loop serves the network meanwhile.

While we wait for our own database no deadline of the network goes on.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from moderator.domain.deadlines import own_time
from moderator.domain.ports import LinkFate
from moderator.storage.fetch_accounts import FetchAccountRows
from moderator.storage.link_memory import LinkMemoryRows

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class LinkMemoryAside:
    """Honours domain/ports.py LinkMemory."""

    rows: LinkMemoryRows

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        return await _aside(self.rows.recall, urls, now)

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        if fates:
            await _aside(self.rows.remember, fates, now)


@dataclass(frozen=True, slots=True)
class FetchAccountsAside:
    """Honours domain/ports.py FetchAccounts."""

    rows: FetchAccountRows

    async def take(self, limits: Mapping[str, int]) -> float:
        return await _aside(self.rows.take, limits)

    async def note(self, name: str, seconds: int) -> None:
        await _aside(self.rows.note, name, seconds)

    async def noted(self, name: str) -> int:
        return await _aside(self.rows.noted, name)


async def _aside(
    call: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    async with own_time():
        return await asyncio.to_thread(call, *args, **kwargs)
