"""Judge what waits: claim a batch, look up what it needs once, run the local checks, decide.

What needs the network moves on to the second stage (remote.py) with what was found so far.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.check import LocalCheck, RemoteCheck
from moderator.domain.copies.rules import may_be_copies
from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import after_person, changes, conclude, parked
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.errors import StorageUnavailableError
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import CampaignMember
from moderator.domain.judge import Case, Judge, Judged
from moderator.domain.linkback.source_content import source_lane
from moderator.domain.ports import Hints
from moderator.domain.queue import MAX_ATTEMPTS, Job, StoredSubmission, Ticket
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.ports import WorkQueue

log = logging.getLogger(__name__)

BATCH = 500
LEASE = timedelta(seconds=30)
BACKOFF = timedelta(seconds=1)  # doubled with every attempt
MAX_DOUBLINGS = 10

SubmissionKey = tuple[str, str]  # submission id, site id
Findings = tuple[Finding, ...]


class JudgingStore(Protocol):
    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]: ...

    def finish(
        self,
        decided: Sequence[tuple[Ticket, DecisionWrite | None]],
        onward: Sequence[tuple[Ticket, Findings, str]],
        again: Sequence[SubmissionKey],
        joining: Mapping[str, tuple[CampaignMember, ...]] = ...,
    ) -> int: ...

    def store_source_content(
        self, learned: Sequence[tuple[Ticket, Submission, Findings]]
    ) -> None: ...


@dataclass(slots=True)
class BatchResult:
    """What one batch came to."""

    decided: list[tuple[Ticket, DecisionWrite | None]] = field(default_factory=list)
    onward: list[tuple[Ticket, Findings, str]] = field(default_factory=list)
    again: list[SubmissionKey] = field(default_factory=list)

    @property
    def has_callbacks(self) -> bool:
        return any(write is not None and write.callback for _, write in self.decided)


@dataclass(frozen=True, slots=True)
class CheckLocal:
    """One call claims and judges one batch."""

    queue: WorkQueue
    store: JudgingStore
    context_loader: ContextLoader
    local: tuple[LocalCheck, ...]
    remote: tuple[RemoteCheck, ...]
    platform_of: Callable[[Site], Platform]
    new_token: Callable[[], str]
    hints: Hints

    def __call__(self) -> int:
        """Return how many rows were handled; 0 means that nothing is due."""
        tickets = self.queue.claim(Job.CHECK_LOCAL, BATCH, token=self.new_token(), lease=LEASE)
        if not tickets:
            return 0
        now = tickets[0].claimed_at
        with self._edge(tickets, now):
            self._judge_all(tickets, now)
        return len(tickets)

    @contextmanager
    def _edge(self, tickets: Sequence[Ticket], now: datetime) -> Iterator[None]:
        """The edge of the job: what goes wrong with these stays with these.

        A batch that fails goes back whole; its rows are then claimed one by one.
        """
        try:
            yield
        except StorageUnavailableError:
            raise  # nobody's fault: the drain ends, and the leases too
        except (Exception, SystemExit):  # MemoryError is an Exception
            for ticket in tickets:
                log.exception("check failed submission=%s", ticket.subject_id)
                backoff = BACKOFF * 2 ** min(ticket.attempts, MAX_DOUBLINGS)
                self.queue.release(ticket, now + backoff)

    def _judge_all(self, tickets: Sequence[Ticket], now: datetime) -> None:
        stored_submissions = self.store.stored_submissions(ticket.subject_id for ticket in tickets)
        worn = {ticket.subject_id for ticket in tickets if ticket.attempts > MAX_ATTEMPTS}
        contexts = self.context_loader(
            {i: s for i, s in stored_submissions.items() if i not in worn}, now
        )
        judge = Judge(self.local, self.remote, self.context_loader.text_judge)
        batch = BatchResult()
        found: list[tuple[Ticket, Case, Findings]] = []
        for ticket in tickets:
            stored = stored_submissions.get(ticket.subject_id)
            site = self.context_loader.sites.get(ticket.site_id)
            if stored is None or site is None:
                batch.decided.append((ticket, None))
            elif ticket.subject_id in worn:
                write = self._decision_write(site, stored, Judged((), parked(MAX_ATTEMPTS)), now)
                batch.decided.append((ticket, write))
            else:
                with self._edge([ticket], now):
                    context = contexts[ticket.subject_id]
                    case = Case(stored.submission, context, ticket.findings)
                    found.append((ticket, case, judge.find(case)))
        everyone = judge.weigh([(case, findings) for _, case, findings in found])
        for (ticket, case, _), judged in zip(found, everyone, strict=True):
            with self._edge([ticket], now):
                self._sort_in(ticket, stored_submissions[ticket.subject_id], case, judged, batch)
        mine = {ticket.subject_id for ticket in tickets}
        batch.again = [key for key in batch.again if key[0] not in mine]
        joining = {id_: context.joining for id_, context in contexts.items() if context.joining}
        self.store.finish(batch.decided, batch.onward, batch.again, joining)
        if batch.onward:
            self.hints.work_is_due(Job.CHECK_REMOTE)
        if batch.has_callbacks:
            self.hints.work_is_due(Job.DELIVER)

    def _sort_in(
        self,
        ticket: Ticket,
        stored: StoredSubmission,
        case: Case,
        judged: Judged,
        batch: BatchResult,
    ) -> None:
        submission, context = case.submission, case.context
        if judged.decision is None:
            batch.onward.append((ticket, judged.findings, source_lane(submission)))
        else:
            write = self._decision_write(context.site, stored, judged, context.now)
            batch.decided.append((ticket, write))
        batch.again.extend(
            (id_, submission.site_id) for id_ in may_be_copies(submission, context, judged.findings)
        )

    def _decision_write(
        self, site: Site, stored: StoredSubmission, judged: Judged, now: datetime
    ) -> DecisionWrite | None:
        """What to write; None where the standing decision says the same, or is a person's."""
        if judged.decision is None:
            return None
        decision = after_person(stored, judged.decision)
        if not changes(stored, decision):
            return None
        return conclude(
            site,
            stored,
            decision,
            findings=judged.findings,
            platform=self.platform_of(site),
            now=now,
        )
