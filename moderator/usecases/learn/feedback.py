"""Reports to Akismet what a person decided against its verdict: once per decision, by the queue."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.feedback import Feedback, is_spam_to_report
from moderator.domain.errors import FetchError
from moderator.domain.ports import SiteLookup
from moderator.domain.queue import MAX_ATTEMPTS, Job, Ticket
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.usecases.ports import EventLog, WorkQueue
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits

FLOW_LIMITS = FlowLimits(places=8, per_site=4, claims=8)
Loaded = tuple[Feedback | None, Site | None]


class FeedbackStore(Protocol):
    def feedback(self, decision_ids: Iterable[str]) -> dict[str, Feedback]:
        """By decision; without those that were overruled since, or whose comment was erased."""
        ...

    def done(self, told: Sequence[tuple[Ticket, str]]) -> None:
        """Delete the queue rows; store what was reported: `spam`, `ham` or ''."""
        ...


class FeedbackReceiver(Protocol):
    async def send_feedback(self, submission: Submission, site: Site, *, is_spam: bool) -> bool:
        """Return whether the service took it; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class SendFeedback:
    queue: WorkQueue
    store: FeedbackStore
    sites: SiteLookup
    receiver: FeedbackReceiver
    new_token: Callable[[], str]
    log: EventLog
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Drain what is to be told; return how many decisions were looked at."""
        flow = Flow(Job.SEND_FEEDBACK, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        return await flow.drain()

    def load(self, tickets: Sequence[Ticket]) -> list[Loaded]:
        found = self.store.feedback(ticket.subject_id for ticket in tickets)
        return [(found.get(each.subject_id), self.sites.get(each.site_id)) for each in tickets]

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> str:
        correction, site = loaded
        if site is None or correction is None or not site.akismet_key:
            return ""
        is_spam, it = is_spam_to_report(correction), correction.submission
        if is_spam is None or not it.author.ip or it.removed.words:
            return ""
        if await self.receiver.send_feedback(it, site, is_spam=is_spam):
            return "spam" if is_spam else "ham"
        if ticket.attempts > MAX_ATTEMPTS:
            self.log.warning("feedback_given_up", decision=ticket.subject_id)
            return ""
        raise FetchError("The spam service did not take a correction")

    def write(self, results: Sequence[tuple[Ticket, str]], now: datetime) -> None:
        self.store.done(results)
