"""Learn from people's decisions: each site's own layer follows what its moderators said."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from moderator.domain.jobs import Job
from moderator.domain.verdict import DeciderKind
from moderator.domain.work import Standing, Ticket
from moderator.judgement.model import Model
from moderator.judgement.site_layer import Lesson, SiteLayer
from moderator.usecases.check import WorkQueue

BATCH = 50
LEASE = timedelta(seconds=60)
AGAIN = timedelta(seconds=1)  # after another worker was faster


class LayerStore(Protocol):
    def load(self, site_id: str) -> tuple[SiteLayer, int]: ...

    def save(
        self, tickets: Sequence[Ticket], layers: Mapping[str, tuple[SiteLayer, int]]
    ) -> bool: ...


class Standings(Protocol):
    def standings(self, ids: Iterable[str]) -> dict[str, Standing]: ...


@dataclass(frozen=True, slots=True)
class Learn:
    queue: WorkQueue
    store: Standings
    layers: LayerStore
    model: Model
    new_token: Callable[[], str]

    def __call__(self) -> int:
        """Learn from one batch of decisions; return how many were looked at."""
        tickets = self.queue.claim(Job.LEARN, BATCH, token=self.new_token(), lease=LEASE)
        if not tickets:
            return 0
        standings = self.store.standings(ticket.subject_id for ticket in tickets)
        by_site: dict[str, list[Standing]] = defaultdict(list)
        for ticket in tickets:
            if ticket.subject_id in standings:
                by_site[ticket.site_id].append(standings[ticket.subject_id])
        taught = {site_id: self._teach(site_id, group) for site_id, group in by_site.items()}
        if not self.layers.save(tickets, taught):
            for ticket in tickets:
                self.queue.release(ticket, self.queue.now() + AGAIN)
        return len(tickets)

    def _teach(self, site_id: str, standings: list[Standing]) -> tuple[SiteLayer, int]:
        layer, version = self.layers.load(site_id)
        for standing in standings:
            text = standing.submission.text
            is_by_person = DeciderKind(standing.decided_by or "rule").is_person
            if is_by_person and text and standing.status in ("approved", "spam"):
                layer = layer.learn(Lesson(text, is_spam=standing.status == "spam"), self.model)
            else:  # taken back, or thrown away: a copy and a self-ping teach nothing
                layer = layer.forget(text)
        return layer, version
