"""Learn from people's decisions: a site's own layer and its hosts' reputations follow them.

What stands now is what counts. A lesson is remembered with what is needed to learn it again,
because when its comment is erased the words are gone. Where one is taken back, the others are
learned again, in their order: so nothing of it remains.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.errors import ANYTHING, StorageUnavailableError
from moderator.domain.history.reputation import HostRuling, staked
from moderator.domain.ports import SiteLookup
from moderator.domain.queue import LEASES, Job, StoredSubmission, Ticket, backoff
from moderator.domain.verdict import DeciderKind
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.learning.teaching import Lesson, is_current, learn, lesson, needed
from moderator.judgement.learning.traces import StoredLesson, digest, stored_lesson
from moderator.judgement.text.model import Model
from moderator.usecases.learn.relearn import LessonStore, learned_anew
from moderator.usecases.ports import WorkQueue

BATCH = 50
RETRY_AFTER = timedelta(seconds=1)  # after another worker was faster


@dataclass(slots=True)
class LearningWrite:
    """What is to be written; `lessons` by submission id, None where one is taken back."""

    tickets: list[Ticket] = field(default_factory=list)
    layers: dict[str, tuple[SiteLayer, int]] = field(default_factory=dict)
    rulings: list[HostRuling] = field(default_factory=list)
    lessons: dict[str, StoredLesson | None] = field(default_factory=dict)


class SiteModelStore(LessonStore, Protocol):
    def lessons(self, ids: Iterable[str]) -> dict[str, StoredLesson]:
        """What these submissions taught, by their ids."""
        ...

    def save(
        self,
        tickets: Sequence[Ticket],
        layers: Mapping[str, tuple[SiteLayer, int]],
        rulings: Sequence[HostRuling],
        lessons: Mapping[str, StoredLesson | None],
    ) -> bool:
        """End the tickets and store all of it, or do nothing and return False.

        False when a layer changed meanwhile, or a submission did: then its ticket is not held.
        """
        ...


class StoredSubmissions(Protocol):
    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]: ...


@dataclass(frozen=True, slots=True)
class TrainSiteModel:
    queue: WorkQueue
    store: StoredSubmissions
    layers: SiteModelStore
    sites: SiteLookup
    model: Model
    new_token: Callable[[], str]

    def __call__(self) -> int:
        """Learn from one batch of decisions; return how many were looked at."""
        tickets = self.queue.claim(
            Job.TRAIN_SITE_MODEL, BATCH, token=self.new_token(), lease=LEASES[Job.TRAIN_SITE_MODEL]
        )
        if not tickets:
            return 0
        by_site: dict[str, list[Ticket]] = defaultdict(list)
        for ticket in tickets:
            by_site[ticket.site_id].append(ticket)
        for site_id, group in by_site.items():
            self._learn(site_id, group)
        return len(tickets)

    def _learn(self, site_id: str, tickets: list[Ticket]) -> None:
        """The edge of the job: what goes wrong with a site's batch stays with it.

        A batch that fails goes back whole; its rows are then claimed one by one.
        """
        try:
            learned = self._teach(site_id, tickets)
            is_saved = self.layers.save(
                learned.tickets, learned.layers, learned.rulings, learned.lessons
            )
        except StorageUnavailableError:
            raise  # nobody's fault: the drain ends, and the leases too
        except ANYTHING as error:
            for ticket in tickets:
                self.queue.fail(ticket, error, self.queue.now() + backoff(ticket.attempts))
            return
        if not is_saved:
            for ticket in tickets:
                self.queue.release(ticket, self.queue.now() + RETRY_AFTER)

    def _teach(self, site_id: str, tickets: list[Ticket]) -> LearningWrite:
        ids = [ticket.subject_id for ticket in tickets]
        stored_submissions, before = self.store.stored_submissions(ids), self.layers.lessons(ids)
        learned, coming = LearningWrite(tickets), list[Lesson]()
        for id_ in ids:
            stored, earlier = stored_submissions.get(id_), before.get(id_)
            learned.rulings.append(self._ruling(id_, stored))
            if _is_same(earlier, stored):
                continue
            learned.lessons[id_] = None
            if stored is not None and _teaches(stored):
                text, is_spam = stored.submission.text, stored.status == "spam"
                coming.append(lesson(id_, text, is_spam=is_spam))
                learned.lessons[id_] = stored_lesson(text, coming[-1])
        layer, version = known = self.layers.load(site_id)
        if not is_current(layer, self.model) or learned.lessons.keys() & layer.steps.keys():
            layer = learned_anew(self.layers, site_id, layer, self.model, learned.lessons.keys())
        if coming:
            again = self.layers.lessons(needed(layer.steps, [each.key for each in coming]))
            earlier_lessons = {id_: one.lesson(id_) for id_, one in again.items()}
            layer = learn(layer, coming, earlier_lessons, self.model)
        if layer is not known[0]:
            learned.layers[site_id] = (layer, version)
        return learned

    def _ruling(self, id_: str, stored: StoredSubmission | None) -> HostRuling:
        site = None if stored is None else self.sites.get(stored.submission.site_id)
        if stored is None or site is None or not _is_ruling(stored):
            return HostRuling(id_)  # whatever was ruled before is taken back
        names = staked(Facts(stored.submission, site.hosts), site)
        return HostRuling(id_, names, is_spam=stored.status == "spam")


def _teaches(stored: StoredSubmission) -> bool:
    """Taken back, erased or thrown away, and a copy, teach nothing."""
    return bool(stored.submission.text) and _is_ruling(stored)


def _is_same(earlier: StoredLesson | None, stored: StoredSubmission | None) -> bool:
    """Whether it teaches what it taught before."""
    if stored is None or not _teaches(stored):
        return earlier is None
    said = (digest(stored.submission.text), stored.status == "spam")
    return earlier is not None and (earlier.text, earlier.is_spam) == said


def _is_ruling(stored: StoredSubmission) -> bool:
    """Whether a person called it spam or honest; thrown away says neither."""
    is_by_person = DeciderKind(stored.decided_by or "rule").is_person
    return is_by_person and stored.status in ("approved", "spam")
