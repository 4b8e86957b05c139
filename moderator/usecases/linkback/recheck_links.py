"""Follows the links of a site's approved comments again; for `moderator links recheck`."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.check import Context, RemoteCheck, RemoteTools
from moderator.domain.finding import Finding
from moderator.domain.ports import LinkCache, LinkFate
from moderator.domain.site import Site
from moderator.domain.submission import Submission

COMMENTS_AT_ONCE = 8


class ApprovedComments(Protocol):
    def approved(self, site_id: str, size: int) -> Iterator[list[Submission]]:
        """Approved submissions in the order of their arrival, `size` at a time."""
        ...

    def reverify_now(self, site_id: str) -> int:
        """Queue a reverification of every approved linkback; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class CacheSince:
    """A LinkCache that recalls only fates found at `since` or later."""

    memory: LinkCache
    since: datetime

    async def recall(self, urls: Iterable[str], now: datetime) -> dict[str, LinkFate]:
        known = await self.memory.recall(urls, now)
        return {
            url: fate
            for url, fate in known.items()
            if fate.checked_at is not None and fate.checked_at >= self.since
        }

    async def remember(self, fates: Sequence[LinkFate], now: datetime) -> None:
        await self.memory.remember(fates, now)


@dataclass(frozen=True, slots=True)
class RecheckLinks:
    store: ApprovedComments
    check: RemoteCheck
    tools: RemoteTools

    async def __call__(
        self, site: Site, now: datetime
    ) -> AsyncIterator[tuple[Submission, Finding]]:
        """Each approved comment that has links, with what became of them. Verdicts stay."""
        tools = replace(self.tools, link_cache=CacheSince(self.tools.link_cache, now))
        context = Context(site=site, now=now)
        for page in self.store.approved(site.id, COMMENTS_AT_ONCE):
            linking = [shown for shown in page if self.check.applies(shown, context)]
            found = await asyncio.gather(*(self.check.run(s, context, tools) for s in linking))
            for pair in zip(linking, found, strict=True):
                yield pair
