"""Polls blogs that tell us nothing by themselves: one row of the queue per site, for ever.

A blog that does not answer is asked again after a while, doubled each time up to LONGEST_WAIT; all
other blogs, and what was taken in, do not feel it.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.errors import TransientError
from moderator.domain.events.polling import Place, Polled
from moderator.domain.ports import SiteLookup
from moderator.domain.queue import LEASES, Job, Ticket
from moderator.domain.site import Site
from moderator.domain.timing.deadlines import deadline
from moderator.usecases.ports import WorkQueue
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits
from moderator.usecases.wordpress.round import Round, RoundStore, RoundTools

FLOW_LIMITS = FlowLimits(places=16, per_site=1, claims=16)
DEADLINE_SECONDS = LEASES[Job.POLL].total_seconds() - 30  # of one round
LONGEST_WAIT = timedelta(hours=1)
MAX_DOUBLINGS = 12
Loaded = tuple[Place | None, Site | None]


class PollStore(RoundStore, Protocol):
    def places(self, site_ids: Iterable[str]) -> dict[str, Place]:
        """Where the last round of each site ended; nothing of a site that is not polled."""
        ...

    def finish(self, polled: Sequence[tuple[Ticket, Polled]], now: datetime) -> None: ...


class PolledSites(SiteLookup, Protocol):
    def look_again(self) -> bool:
        """Read anew what is remembered, unless that was done just now; return whether it was."""
        ...


@dataclass(frozen=True, slots=True)
class Poll:
    """`revive` queues a site's dead callbacks again; `every` is between two rounds."""

    queue: WorkQueue
    store: PollStore
    sites: PolledSites
    tools: RoundTools
    revive: Callable[[str], int]
    new_token: Callable[[], str]
    every: timedelta = timedelta(minutes=1)
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Poll the blogs whose turn it is; return how many."""
        flow = Flow(Job.POLL, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        return await flow.drain()

    def load(self, tickets: Sequence[Ticket]) -> list[Loaded]:
        places = self.store.places(ticket.site_id for ticket in tickets)
        sites = [self.sites.get(ticket.site_id) for ticket in tickets]
        if any(site is None or site.wordpress is None for site in sites):
            self.sites.look_again()  # it may be new
            sites = [self.sites.get(ticket.site_id) for ticket in tickets]
        return [(places.get(each.site_id), site) for each, site in zip(tickets, sites, strict=True)]

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Polled:
        place, site = loaded
        if place is None:
            return Polled()
        if site is None or site.wordpress is None:
            return Polled(place, now() + self.every, "the site is not known here yet")
        walk = Round(site, self.store, self.tools, now, place)
        error = ""
        try:
            async with deadline(DEADLINE_SECONDS):
                await walk.run()
        except TimeoutError:
            error = f"not done in {DEADLINE_SECONDS:g} s"
        except TransientError as trouble:
            error = str(trouble) or type(trouble).__name__
        if error:
            tries = ticket.attempts
            self.tools.log.warning("poll_failed", site=site.id, tries=tries, error=error)
        wait = self._wait(ticket.attempts) if error else self.every
        return Polled(walk.place, now() + wait, error)

    def _wait(self, tries: int) -> timedelta:
        wait: timedelta = self.every * 2 ** min(tries - 1, MAX_DOUBLINGS)
        return max(self.every, min(wait, LONGEST_WAIT))

    def write(self, results: Sequence[tuple[Ticket, Polled]], now: datetime) -> None:
        self.store.finish(results, now)
        for ticket, polled in results:
            if polled.place is not None and not polled.error and ticket.attempts > 1:
                self.revive(ticket.site_id)  # it was away: what was given up may arrive now
