"""The second stage of judging: remote checks, many submissions at a time.

1. Lease rows, run the remote checks that were not run yet, each under a deadline (asking.py).
2. A linkback from an endpoint has no text yet: only its source is read, and what it says goes back
   to the local checks (local.py), to be judged like any other text.
3. A source that is over its quota is postponed, uncounted; one without an answer is retried after
   RETRY_MINUTES.
4. Decide by all findings; write the decision with its callback, fenced by the lease.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderator.domain.check import Context, RemoteCheck
from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import after_person, changes, conclude, parked
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.finding import Signal
from moderator.domain.linkback.source_content import (
    SOURCE_LINK,
    ReadSource,
    is_found,
    is_unread,
    source_finding,
    wait_of,
    with_source_content,
)
from moderator.domain.policy import decide
from moderator.domain.queue import MAX_ATTEMPTS, Job, StoredSubmission, Ticket
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.usecases.judge.asking import Asking, Loaded
from moderator.usecases.judge.local import Findings, silence
from moderator.usecases.run.claimed_work import Clock
from moderator.usecases.run.flow import Flow, FlowLimits

FLOW_LIMITS = FlowLimits(places=64, per_site=32, claims=64)
RETRY_MINUTES = (1, 10, 60)  # after each try of a source that does not answer


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Try again at `at`; `counts` as an attempt when the source was really asked."""

    at: datetime
    counts: bool


Result = DecisionWrite | ReadSource | RetryLater | None


@dataclass(frozen=True, slots=True)
class CheckRemote(Asking):
    platform_of: Callable[[Site], Platform] = field(kw_only=True)
    announce: Callable[[], object] = field(default=silence, kw_only=True)

    async def __call__(self) -> int:
        """Drain the second stage; return how many submissions were handled."""
        flow = Flow(Job.CHECK_REMOTE, self.queue, self.new_token, self, FLOW_LIMITS, self.stopping)
        return await flow.drain()

    async def work(self, ticket: Ticket, loaded: Loaded, now: Clock) -> Result:
        stored, site = loaded
        if stored is None or site is None:
            return None
        if ticket.attempts > MAX_ATTEMPTS:
            findings, decision = ticket.findings, parked(MAX_ATTEMPTS)
        else:
            pending = self._pending(ticket, stored.submission)
            context = Context(site=site, now=now())
            found = await self.ask_all(pending, stored.submission, context)
            unfinished = _unfinished(ticket, stored, found, now())
            if unfinished is not None:
                return unfinished
            findings = (*ticket.findings, *found)
            decision = decide(findings, site.policy)
        decision = after_person(stored, decision)
        if not changes(stored, decision):
            return None
        return conclude(
            site,
            stored,
            decision,
            findings=findings,
            platform=self.platform_of(site),
            now=now(),
        )

    def _pending(self, ticket: Ticket, submission: Submission) -> list[RemoteCheck]:
        """What has not been asked yet; of an unread linkback only its source."""
        asked = {finding.check for finding in ticket.findings}
        pending = [check for check in self.remote if check.name not in asked]
        if not is_unread(submission):
            return pending
        return [check for check in pending if check.name == SOURCE_LINK]

    def write(self, results: Sequence[tuple[Ticket, Result]], now: datetime) -> None:
        decided: list[tuple[Ticket, DecisionWrite | None]] = []
        learned: list[tuple[Ticket, ReadSource]] = []
        for ticket, result in results:
            match result:
                case ReadSource():
                    learned.append((ticket, result))
                case RetryLater(counts=True):
                    self.queue.release(ticket, result.at)
                case RetryLater():
                    self.queue.postpone(ticket, result.at)
                case _:
                    decided.append((ticket, result))
        if learned:
            self.store.store_source_content(learned)
            self.hints.work_is_due(Job.CHECK_LOCAL)
        if decided:
            self._write(decided)

    def _write(self, decided: Sequence[tuple[Ticket, DecisionWrite | None]]) -> None:
        if self.store.finish(decided, (), ()):
            self.announce()
        if any(write is not None and write.callback for _, write in decided):
            self.hints.work_is_due(Job.DELIVER)


def _unfinished(
    ticket: Ticket, stored: StoredSubmission, found: Findings, now: datetime
) -> ReadSource | RetryLater | None:
    """What must happen before a linkback from an endpoint can be decided; None when it can be."""
    submission, finding = stored.submission, source_finding(found)
    if finding is not None and wait_of(finding):
        return RetryLater(now + timedelta(seconds=wait_of(finding)), counts=False)
    if finding is None or not is_unread(submission):
        return None
    if is_found(finding):
        read = with_source_content(submission, finding.evidence)
        return ReadSource(read, (finding,), stored.content_version)
    if finding.signal is Signal.UNAVAILABLE and ticket.attempts <= len(RETRY_MINUTES):
        return RetryLater(now + timedelta(minutes=RETRY_MINUTES[ticket.attempts - 1]), counts=True)
    return None
