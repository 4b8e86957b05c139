"""Tell the spam service where a person overruled it: once for each decision, through the queue."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderator.domain.correction import Correction, is_spam_to_teach
from moderator.domain.errors import FetchError
from moderator.domain.jobs import Job
from moderator.domain.ports import SiteBook
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.work import MAX_ATTEMPTS, Ticket
from moderator.usecases.check import WorkQueue
from moderator.usecases.flow import Flow, Limits

log = logging.getLogger(__name__)

LIMITS = Limits(places=8, per_site=4)


class CorrectionStore(Protocol):
    def correction(self, decision_id: str) -> Correction | None:
        """None when the decision was overruled since, or its comment erased."""
        ...

    def done(self, told: Sequence[tuple[Ticket, str]]) -> None:
        """End the tickets; what was told is `spam`, `ham` or ''."""
        ...


class Pupil(Protocol):
    async def teach(self, submission: Submission, site: Site, *, is_spam: bool) -> bool:
        """Return whether the service took it; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Teach:
    queue: WorkQueue
    store: CorrectionStore
    sites: SiteBook
    pupil: Pupil
    new_token: Callable[[], str]
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Drain what is to be told; return how many decisions were looked at."""
        steps = (self._tell, self._write)
        flow = Flow(Job.TEACH, self.queue, self.new_token, *steps, LIMITS, self.stopping)
        return await flow.drain()

    async def _tell(self, ticket: Ticket) -> str:
        site = self.sites.get(ticket.site_id)
        correction = self.store.correction(ticket.subject_id)
        if site is None or correction is None or not site.akismet_key:
            return ""
        is_spam = is_spam_to_teach(correction)
        if is_spam is None or not correction.submission.author.ip:
            return ""
        if await self.pupil.teach(correction.submission, site, is_spam=is_spam):
            return "spam" if is_spam else "ham"
        if ticket.attempts > MAX_ATTEMPTS:
            log.warning("feedback given up decision=%s", ticket.subject_id)
            return ""
        raise FetchError("The spam service did not take a correction")

    def _write(self, results: Sequence[tuple[Ticket, str]]) -> None:
        self.store.done(results)
