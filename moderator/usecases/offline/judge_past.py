"""Judges again what people decided before we judged anything: what was imported, as a stream.

In the order of arrival, each as it would come in today, knowing what came before it and what people
said of that; what a site taught the model since would know the answers, so it counts from nothing.
Nobody outside is asked. Nothing changes but what the page of thresholds is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.history.record import PastVerdict
from moderator.domain.policy import Moderation
from moderator.domain.ports import SiteLookup
from moderator.domain.queue import MAX_ATTEMPTS, Ticket
from moderator.domain.rules.thresholds import PastTrial, item_of
from moderator.domain.site import Site
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.usecases.offline.replay import replay
from moderator.usecases.offline.stream import Stream

MOST = 1_000  # submissions: the newest
PATIENCE = 25  # seconds, well within the lease


class PastStore(Protocol):
    def unjudged(self, site_id: str, limit: int) -> Sequence[PastVerdict]:
        """What people decided and no rule ever did, newest first."""
        ...

    def save(self, ticket: Ticket, trial: PastTrial | None) -> None:
        """Keep what came of it (None: nothing new), and end the work, unless the lease was lost."""
        ...


@dataclass(frozen=True, slots=True)
class Few:
    """A history that is read already: honours History."""

    records: Sequence[PastVerdict]  # in the order of their ids

    def page(self, _site_id: str, after: str, limit: int) -> Sequence[PastVerdict]:
        return [one for one in self.records if one.submission.id > after][:limit]


@dataclass(frozen=True, slots=True)
class JudgePast:
    store: PastStore
    sites: SiteLookup
    stream_of: Callable[[Site], tuple[Stream, StreamLearner]]
    clock: Callable[[], datetime]

    def __call__(self, ticket: Ticket) -> None:
        site = self.sites.get(ticket.site_id)
        if site is None or ticket.attempts > MAX_ATTEMPTS:
            self.store.save(ticket, None)
            return
        self.store.save(ticket, self._judged(site))

    def _judged(self, site: Site) -> PastTrial:
        records = self.store.unjudged(site.id, MOST)[::-1]
        policy = replace(site.policy, moderation=Moderation.USUAL)
        began, items = self.clock(), []
        stream, learner = self.stream_of(replace(site, policy=policy))
        for one in replay(Few(records), site.id, stream, learner, frozenset()):
            past = replace(one.record, verdict=one.verdict, score=one.score, findings=one.findings)
            items.append(item_of(past, policy))
            if (self.clock() - began).total_seconds() > PATIENCE:
                break
        kept = tuple(item for item in items if item is not None)
        return PastTrial(kept, self.clock())
