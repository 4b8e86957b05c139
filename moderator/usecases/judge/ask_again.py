"""Asks remote checks again that were unavailable, where their silence alone holds a submission.

An answer sends the submission back to the local checks, to be judged anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.domain.check import Context
from moderator.domain.decisions.conclude import is_by_person
from moderator.domain.decisions.silence import SCHEDULE, next_asking
from moderator.domain.finding import Finding, Signal
from moderator.domain.linkback.source_content import (
    ReadSource,
    is_found,
    is_unread,
    source_finding,
    wait_of,
    with_source_content,
)
from moderator.domain.queue import Job, StoredSubmission, Ticket
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.usecases.judge.asking import Asking, Loaded
from moderator.usecases.judge.remote import RetryLater
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits

FLOW_LIMITS = FlowLimits(places=32, per_site=8, claims=32)
Answer = ReadSource | RetryLater | None


@dataclass(frozen=True, slots=True)
class AskAgain(Asking):
    """The ticket's findings name what was unavailable; its attempts count the askings."""

    async def __call__(self) -> int:
        """Ask what is due; return how many submissions were asked about."""
        flow = Flow(Job.ASK_AGAIN, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        return await flow.drain()

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Answer:
        stored, site = loaded
        if stored is None or site is None or not _is_waiting(stored):
            return None
        if ticket.attempts > len(SCHEDULE):
            return None
        silent = {finding.check for finding in ticket.findings}
        pending = [check for check in self.remote if check.name in silent]
        context = Context(site=site, now=now())
        found = await self.ask_all(pending, stored.submission, context)
        source = source_finding(found)
        if source is not None and wait_of(source):
            return RetryLater(now() + timedelta(seconds=wait_of(source)), counts=False)
        if any(finding.signal is Signal.UNAVAILABLE for finding in found):
            later = next_asking(ticket.attempts, found, now())
            return None if later is None else RetryLater(later, counts=True)
        read = _read(stored.submission, source)
        return ReadSource(read, found, stored.content_version)

    def write(self, results: Sequence[tuple[Ticket, Answer]], now: datetime) -> None:
        learned: list[tuple[Ticket, ReadSource]] = []
        for ticket, result in results:
            match result:
                case ReadSource():
                    learned.append((ticket, result))
                case RetryLater(counts=True):
                    self.queue.release(ticket, result.at)
                case RetryLater():
                    self.queue.postpone(ticket, result.at)
                case None:
                    self.store.finish([(ticket, None)], (), ())
        if learned:
            self.store.store_source_content(learned)
            self.hints.work_is_due(Job.CHECK_LOCAL)


def _is_waiting(stored: StoredSubmission) -> bool:
    return stored.status == Verdict.HOLD.status and not is_by_person(stored)


def _read(submission: Submission, source: Finding | None) -> Submission:
    """What a linkback from a linkback endpoint says, once its source was read."""
    if source is None or not is_found(source) or not is_unread(submission):
        return submission
    return with_source_content(submission, source.evidence)
