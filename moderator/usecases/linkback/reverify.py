"""Reverifies linkbacks: fetches their sources again, on a schedule, and tells the blog of changes.

1. Lease rows that are due; fetch each source, under a deadline (the check source_link).
2. Compare with the last finding (domain/linkback/reverification.py).
3. No answer: try again after RETRY_AFTER. A change: a new decision with its callback, or a new
   judgement of the new text. In any case: the next date of the schedule.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.check import Context, RemoteCheck, RemoteTools
from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import conclude
from moderator.domain.decisions.decision_write import CallbackEvent
from moderator.domain.finding import Finding, Signal
from moderator.domain.linkback.reverification import (
    Reverification,
    SourceChange,
    decision_on,
    next_reverification,
    source_change,
)
from moderator.domain.linkback.source_content import is_found, wait_of, with_source_content
from moderator.domain.ports import Hints, SiteLookup
from moderator.domain.queue import MAX_ATTEMPTS, Job, StoredSubmission, Ticket
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.timing.deadlines import deadline
from moderator.usecases.ports import WorkQueue
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits

DEADLINE_SECONDS = 20.0  # of one source
FLOW_LIMITS = FlowLimits(places=32, per_site=16, claims=32)
RETRY_AFTER = timedelta(hours=1)  # until a source that did not answer is asked again
Loaded = tuple[tuple[StoredSubmission, Finding | None] | None, Site | None]
EVENTS = {SourceChange.REMOVED: CallbackEvent.REMOVED, SourceChange.UPDATED: CallbackEvent.UPDATED}


class ReverificationStore(Protocol):
    def stored_submissions(
        self, ids: Iterable[str]
    ) -> dict[str, tuple[StoredSubmission, Finding | None]]:
        """Each stored submission with its last finding of source_link (None before the first)."""
        ...

    def finish(self, reverifications: Sequence[tuple[Ticket, Reverification]]) -> None: ...


@dataclass(frozen=True, slots=True)
class Reverify:
    queue: WorkQueue
    store: ReverificationStore
    sites: SiteLookup
    source_check: RemoteCheck
    tools: RemoteTools
    platform_of: Callable[[Site], Platform]
    new_token: Callable[[], str]
    hints: Hints
    schedule: tuple[int, ...]
    stopping: threading.Event = field(default_factory=threading.Event)

    async def __call__(self) -> int:
        """Reverify what is due; return how many sources were fetched."""
        flow = Flow(Job.REVERIFY, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        return await flow.drain()

    def load(self, tickets: Sequence[Ticket]) -> list[Loaded]:
        found = self.store.stored_submissions(ticket.subject_id for ticket in tickets)
        return [(found.get(each.subject_id), self.sites.get(each.site_id)) for each in tickets]

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Reverification:
        known, site = loaded
        if known is None or site is None or known[0].status == "queued":
            return Reverification()  # erased, or about to be judged anyway
        stored, before = known
        context = Context(site=site, now=now())
        seen = await self._ask(stored, context)
        result = self._weigh(ticket, stored, before, seen, replace(context, now=now()))
        fact = None if seen.signal is Signal.UNAVAILABLE else seen
        return replace(
            result,
            content_version=stored.content_version,
            sequence=stored.sequence,
            seen=fact,
        )

    def _weigh(
        self,
        ticket: Ticket,
        stored: StoredSubmission,
        before: Finding | None,
        seen: Finding,
        context: Context,
    ) -> Reverification:
        site, now = context.site, context.now
        found = source_change(stored, before, seen)
        due = next_reverification(stored.submission.received_at, now, self.schedule)
        if found is SourceChange.SILENCE:
            return self._later(ticket, seen, now, due)
        if found is SourceChange.REJUDGE:
            return Reverification(judged_with=(seen,), submission=_read(stored, seen), next_at=due)
        decision = decision_on(found, seen)
        if decision is None:
            return Reverification(next_at=due)
        submission = _read(stored, seen) if found is SourceChange.UPDATED else stored.submission
        return Reverification(
            decision_write=conclude(
                site,
                replace(stored, submission=submission),
                decision,
                findings=(seen,),
                platform=self.platform_of(site),
                now=now,
                event=EVENTS.get(found),
            ),
            submission=submission,
            judged_with=(seen,) if found is SourceChange.UPDATED else None,
            next_at=due,
        )

    def _later(
        self, ticket: Ticket, seen: Finding, now: datetime, due: datetime | None
    ) -> Reverification:
        wait = wait_of(seen)
        if wait:
            return Reverification(next_at=now + timedelta(seconds=wait))
        if ticket.attempts < MAX_ATTEMPTS:
            return Reverification(next_at=now + RETRY_AFTER, is_retry=True)
        return Reverification(next_at=due)

    async def _ask(self, stored: StoredSubmission, context: Context) -> Finding:
        try:
            async with deadline(DEADLINE_SECONDS):
                return await self.source_check.run(stored.submission, context, self.tools)
        except TimeoutError:
            name = self.source_check.name
            return Finding(name, Signal.UNAVAILABLE, "The source gave no answer", f"{name}_timeout")

    def write(self, results: Sequence[tuple[Ticket, Reverification]], now: datetime) -> None:
        self.store.finish(results)
        reverifications = [result for _, result in results]
        if any(result.judged_with is not None for result in reverifications):
            self.hints.work_is_due(Job.CHECK_LOCAL)
        if any(
            result.decision_write is not None and result.decision_write.callback
            for result in reverifications
        ):
            self.hints.work_is_due(Job.DELIVER)


def _read(stored: StoredSubmission, seen: Finding) -> Submission:
    """What the linkback says now; what the blog sent with it stays the blog's."""
    submission = stored.submission
    is_ours = submission.by_door and is_found(seen)
    return with_source_content(submission, seen.evidence) if is_ours else submission
