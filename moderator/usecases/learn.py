"""Learn from people's decisions: a site's own layer and its hosts' reputations follow them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from moderator.domain.jobs import Job
from moderator.domain.ports import SiteBook
from moderator.domain.reputation import Ruling, answerable_hosts
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
        self,
        tickets: Sequence[Ticket],
        layers: Mapping[str, tuple[SiteLayer, int]],
        rulings: Sequence[Ruling],
    ) -> bool: ...


class Standings(Protocol):
    def standings(self, ids: Iterable[str]) -> dict[str, Standing]: ...


@dataclass(frozen=True, slots=True)
class Learn:
    queue: WorkQueue
    store: Standings
    layers: LayerStore
    sites: SiteBook
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
        rulings = [self._ruling(standing) for standing in standings.values()]
        if not self.layers.save(tickets, taught, rulings):
            for ticket in tickets:
                self.queue.release(ticket, self.queue.now() + AGAIN)
        return len(tickets)

    def _teach(self, site_id: str, standings: list[Standing]) -> tuple[SiteLayer, int]:
        layer, version = self.layers.load(site_id)
        for standing in standings:
            text = standing.submission.text
            if text and _is_ruling(standing):
                layer = layer.learn(Lesson(text, is_spam=standing.status == "spam"), self.model)
            else:  # taken back, or thrown away: a copy and a self-ping teach nothing
                layer = layer.forget(text)
        return layer, version

    def _ruling(self, standing: Standing) -> Ruling:
        submission = standing.submission
        site = self.sites.get(submission.site_id)
        if site is None or not _is_ruling(standing):
            return Ruling(submission.id)  # whatever was ruled before is taken back
        hosts = answerable_hosts(submission, site)
        return Ruling(submission.id, hosts, is_spam=standing.status == "spam")


def _is_ruling(standing: Standing) -> bool:
    """Whether a person called it spam or honest; thrown away says neither."""
    is_by_person = DeciderKind(standing.decided_by or "rule").is_person
    return is_by_person and standing.status in ("approved", "spam")
