"""Delivers callbacks from the outbox, at least once, in order per comment.

Each is tried until the blog takes it, refuses it, or the last retry failed (a dead letter).
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.delivery import (
    OVERTAKEN,
    Attempt,
    Callback,
    DeliveryState,
    judge_answer,
)
from moderator.domain.ports import SiteLookup
from moderator.domain.queue import LEASES, Job, Ticket
from moderator.domain.site import Site
from moderator.platforms import akismet
from moderator.usecases.ports import Courier, WorkQueue
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits

FLOW_LIMITS = FlowLimits(places=256, per_site=8, claims=256)
Loaded = tuple[Callback | None, Site | None]
STALE = "its lease had ended before it could be sent"


class DeliveryStore(Protocol):
    def load(self, ids: Iterable[str]) -> dict[str, Callback]: ...

    def finish(self, attempts: Sequence[tuple[Ticket, Attempt]], now: datetime) -> None:
        """Store the results; an attempt with `retry_at` stays in the queue until then."""
        ...


@dataclass(frozen=True, slots=True)
class Deliver:
    queue: WorkQueue
    store: DeliveryStore
    sites: SiteLookup
    courier: Courier
    new_token: Callable[[], str]
    random: Callable[[], float]
    schedule: tuple[int, ...]
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Send what is due; return how many callbacks were tried."""
        flow = Flow(Job.DELIVER, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        try:
            return await flow.drain()
        finally:
            await self.courier.rest()

    def load(self, tickets: Sequence[Ticket]) -> list[Loaded]:
        callbacks = self.store.load(ticket.subject_id for ticket in tickets)
        sites = self.sites
        return [(callbacks.get(each.subject_id), sites.get(each.site_id)) for each in tickets]

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Attempt:
        callback, site = loaded
        if now() - ticket.claimed_at >= LEASES[Job.DELIVER]:
            # This process stood still. Others may have sent it since, and what came after it.
            return Attempt(DeliveryState.WAITING, 0, STALE, now())
        if callback is None:
            return Attempt(DeliveryState.DEAD, 0, "the callback was erased")
        if callback.is_overtaken:
            return OVERTAKEN
        if site is None or not (callback.url or site.is_told):
            return Attempt(DeliveryState.DEAD, 0, "the site has no callback URL")
        if callback.url and not (callback.guids and site.client_keys):
            return Attempt(DeliveryState.DEAD, 0, "no guid or no key of this client is known")
        if callback.url:
            callback = replace(callback, body=akismet.webhook(site, callback))
        answer = await self.courier.send(site, callback)
        return judge_answer(
            answer,
            callback.tries + 1,
            now=now(),
            jitter=self.random(),
            schedule=self.schedule,
        )

    def write(self, results: Sequence[tuple[Ticket, Attempt]], now: datetime) -> None:
        self.store.finish(results, now)
