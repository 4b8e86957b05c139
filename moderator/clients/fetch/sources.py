"""Guarded fetchers for the sources of linkbacks, within the fetch quota: nobody can aim us at a
host.

One source that many ask for at once is fetched once. Every request is counted, by all processes
together: per registrable domain (redirects too), per site, and overall. What is over waits.

A domain whose pages say of themselves that they like, repost, bookmark or answer posts of ours is a
relay: it tells of hundreds of people in a night, and is asked more often. A page that merely links
makes none of it, for anybody can have a victim show a link.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from moderator.clients.fetch.budget import HostBudget
from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.ports import FetchedPage, Fetcher, FetchQuota
from moderator.domain.urls.hosts import registrable
from moderator.domain.urls.parse import read

RELAYED = 3  # pages after which a domain counts as a relay
REMEMBERED = 24 * 3600  # seconds
MAX_KEPT = 16  # pages of up to 1 MiB

Key = tuple[str, frozenset[tuple[str, int]], bool]
Outcome = FetchedPage | RefusedError | FetchError


class QuotaBudget(HostBudget):
    """A budget that all processes share; hosts that are silent each finds out by itself."""

    def __init__(self, accounts: FetchQuota, per_domain: int, per_relay: int = 0) -> None:
        super().__init__()
        self.accounts = accounts
        self._per_domain = per_domain
        self._per_relay = max(per_domain, per_relay)

    async def spend(self, domain: str) -> None:
        is_relay = await self.accounts.noted(_relay(domain)) >= RELAYED
        limit = self._per_relay if is_relay else self._per_domain
        await spend(self.accounts, {f"domain {domain}": limit})


def _relay(domain: str) -> str:
    return f"relay {domain}"


async def spend(accounts: FetchQuota, limits: dict[str, int]) -> None:
    """Raises OverBudgetError."""
    wait = await accounts.take(limits)
    if wait:
        raise OverBudgetError("The host was asked often enough for now", retry_after=wait)


class GuardedSourceFetchers:
    """Implements domain.ports.SourceFetchers. What was fetched is kept for `remember` seconds."""

    def __init__(
        self,
        fetcher: Fetcher,
        budget: QuotaBudget,
        per_site: int,
        overall: int,
        remember: float = 5,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._accounts = budget.accounts
        self._limits = (per_site, overall)
        self._remember = remember
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Outcome]] = OrderedDict()
        self._running: dict[tuple[int, Key], asyncio.Task[Outcome]] = {}

    def of(self, site_id: str) -> Fetcher:
        return _SourceFetcher(self, site_id)

    async def thank(self, page: str) -> None:
        url = read(page)
        if url is not None:
            await self._accounts.note(_relay(registrable(url.host)), REMEMBERED)

    async def fetch(self, site_id: str, key: Key) -> FetchedPage:
        """Raises RefusedError, FetchError."""
        outcome = self._recall(key) or await self._join(site_id, key)
        if isinstance(outcome, FetchedPage):
            return outcome
        raise outcome

    def _recall(self, key: Key) -> Outcome | None:
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0] > self._clock() else None

    async def _join(self, site_id: str, key: Key) -> Outcome:
        """Wait for whoever is fetching this already, or fetch it."""
        running = (id(asyncio.get_running_loop()), key)
        task = self._running.get(running)
        if task is None:
            task = asyncio.ensure_future(self._fetch(site_id, key))
            self._running[running] = task
            task.add_done_callback(lambda _done: self._running.pop(running, None))
        return await asyncio.shield(task)

    async def _fetch(self, site_id: str, key: Key) -> Outcome:
        url, allowed, head = key
        per_site, overall = self._limits
        outcome: Outcome
        try:
            await spend(self._accounts, {f"site {site_id}": per_site, "all": overall})
            outcome = await self._fetcher.get(url, allowed=allowed, head=head)
        except (RefusedError, FetchError) as error:
            outcome = error
        if self._remember and not isinstance(outcome, OverBudgetError):
            self._kept[key] = (self._clock() + self._remember, outcome)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return outcome


@dataclass(frozen=True, slots=True)
class _SourceFetcher:
    """Honours domain/ports.py Fetcher."""

    sources: GuardedSourceFetchers
    site_id: str

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        return await self.sources.fetch(self.site_id, (url, allowed, head))
