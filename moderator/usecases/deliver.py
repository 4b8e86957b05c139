"""Send callbacks: what waits in the outbox goes to its blog, in order per comment, until it is
taken, refused, or given up.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderator.domain.delivery import (
    OVERTAKEN,
    Answer,
    Attempt,
    Callback,
    DeliveryState,
    judge_answer,
)
from moderator.domain.jobs import Job
from moderator.domain.ports import SiteBook
from moderator.domain.site import Site
from moderator.domain.work import Ticket
from moderator.usecases.check import WorkQueue
from moderator.usecases.flow import Flow, Limits

LIMITS = Limits(places=128, per_site=16)


class DeliveryStore(Protocol):
    def load(self, ids: Iterable[str]) -> dict[str, Callback]: ...

    def finish(self, attempts: Sequence[tuple[Ticket, Attempt]]) -> None: ...


class Courier(Protocol):
    """Carries one signed callback to its site; never raises: silence is an Answer of status 0."""

    async def send(self, site: Site, callback: Callback) -> Answer: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Deliver:
    queue: WorkQueue
    store: DeliveryStore
    sites: SiteBook
    new_courier: Callable[[], Courier]
    new_token: Callable[[], str]
    random: Callable[[], float]
    schedule: tuple[int, ...]
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Send what is due; return how many callbacks were tried."""
        courier = self.new_courier()

        async def send(ticket: Ticket) -> Attempt:
            return await self._send(courier, ticket)

        try:
            flow = Flow(
                Job.DELIVER,
                self.queue,
                self.new_token,
                send,
                self.store.finish,
                LIMITS,
                self.stopping,
            )
            return await flow.drain()
        finally:
            await courier.close()

    async def _send(self, courier: Courier, ticket: Ticket) -> Attempt:
        callback = self.store.load([ticket.subject_id]).get(ticket.subject_id)
        site = self.sites.get(ticket.site_id)
        if callback is None:
            return Attempt(DeliveryState.DEAD, 0, "the callback was erased")
        if callback.is_overtaken:
            return OVERTAKEN
        if site is None or not site.callback_url:
            return Attempt(DeliveryState.DEAD, 0, "the site has no callback URL")
        answer = await courier.send(site, callback)
        return judge_answer(
            answer,
            callback.tries + 1,
            now=self.queue.now(),
            jitter=self.random(),
            schedule=self.schedule,
        )
