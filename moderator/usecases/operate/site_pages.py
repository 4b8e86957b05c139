"""What owners see of their sites, and whether a blog hears us."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.callback import trial_body
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.errors import ConflictError, NotFoundError, TooManyRequestsError
from moderator.domain.ids import new_id
from moderator.domain.site import ShownKey, Site
from moderator.usecases.operate.change_sites import ChangeSite, RemoveSite
from moderator.usecases.operate.retention import ChooseRetention
from moderator.usecases.operate.sites import ManageSites

Send = Callable[[Site, Callback], Coroutine[None, None, CallbackAnswer]]


class SiteKeys(Protocol):
    def keys(self, site_id: str) -> Sequence[ShownKey]: ...


class AllSites(Protocol):
    def all(self) -> tuple[Site, ...]: ...

    def get(self, site_id: str) -> Site | None: ...


@dataclass(frozen=True, slots=True)
class TryCallback:
    """Sends one signed event about nothing, as every callback is sent; one at a time."""

    send: Send
    entropy: Callable[[int], bytes]
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, site: Site, now: datetime) -> CallbackAnswer:
        """What the blog answered. Raises ConflictError where there is no callback URL."""
        if not site.callback_url:
            raise ConflictError("This site has no callback URL: set one with `moderator site add`")
        if not self._turn.acquire(blocking=False):
            raise TooManyRequestsError("Another callback is being tried", retry_after=10)
        try:
            id_ = f"msg_test_{new_id(now, self.entropy(10))}"
            callback = Callback(id_, site.id, trial_body(site, now), tries=0)
            return asyncio.run(self.send(site, callback))
        finally:
            self._turn.release()


@dataclass(frozen=True, slots=True)
class SitePages:
    """What owners see and change of sites; `manage` raises NotFoundError for unknown ones."""

    sites: AllSites
    keys: SiteKeys
    manage: ManageSites
    change: ChangeSite
    remove: RemoveSite
    try_callback: TryCallback
    retention: ChooseRetention

    def all(self) -> list[Site]:
        return sorted(self.sites.all(), key=lambda site: (site.name or site.id).casefold())

    def get(self, site_id: str) -> Site:
        """Raises NotFoundError."""
        found = self.sites.get(site_id)
        if found is None:
            raise NotFoundError("There is no such site")
        return found
