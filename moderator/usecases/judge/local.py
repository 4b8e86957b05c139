"""The first stage of judging: local checks, for a batch of submissions at a time.

1. Lease up to BATCH rows of the queue (domain/queue.py: LEASES).
2. Load what all of them need, in a few statements (context.py).
3. Run the local checks on each; decide, or pass on to the remote checks (remote.py).
4. Write decisions, callbacks and queue rows in one transaction; rows whose lease was lost are left
   out.
5. Hint the jobs that have work now.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderator.domain.check import Context, LocalCheck, RemoteCheck
from moderator.domain.copies.rules import may_be_copies
from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import after_person, changes, conclude, parked
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.errors import ANYTHING, NotFoundError, StorageUnavailableError
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import CampaignMember
from moderator.domain.judge import Case, Judge, Judged
from moderator.domain.linkback.source_content import ReadSource, source_lane
from moderator.domain.ports import Hints
from moderator.domain.queue import LEASES, MAX_ATTEMPTS, Job, StoredSubmission, Ticket, backoff
from moderator.domain.site import Site
from moderator.usecases.judge.advance import AdvanceStore, InAdvance
from moderator.usecases.judge.context import ContextLoader
from moderator.usecases.ports import WorkQueue

BATCH = 500  # rows of one claim

SubmissionKey = tuple[str, str]  # submission id, site id
Findings = tuple[Finding, ...]


class JudgingStore(AdvanceStore, Protocol):
    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]: ...

    def finish(
        self,
        decided: Sequence[tuple[Ticket, DecisionWrite | None]],
        to_remote: Sequence[tuple[Ticket, Findings, str]],
        rejudge: Sequence[SubmissionKey],
        joining: Mapping[str, tuple[CampaignMember, ...]] = ...,
        phrases: Mapping[str, tuple[int, ...]] = ...,
    ) -> int: ...

    def store_source_content(self, learned: Sequence[tuple[Ticket, ReadSource]]) -> None: ...


def silence() -> None:
    """Nobody is told."""


@dataclass(slots=True)
class BatchResult:
    """What is to be written for one batch: decisions, rows for the remote checks, copies to
    rejudge.
    """

    decided: list[tuple[Ticket, DecisionWrite | None]] = field(default_factory=list)
    to_remote: list[tuple[Ticket, Findings, str]] = field(default_factory=list)
    rejudge: list[SubmissionKey] = field(default_factory=list)

    @property
    def has_callbacks(self) -> bool:
        return any(write is not None and write.callback for _, write in self.decided)


@dataclass(frozen=True, slots=True)
class CheckLocal:
    """Judges one batch per call, by local checks."""

    queue: WorkQueue
    store: JudgingStore
    context_loader: ContextLoader
    local: tuple[LocalCheck, ...]
    remote: tuple[RemoteCheck, ...]
    platform_of: Callable[[Site], Platform]
    new_token: Callable[[], str]
    hints: Hints
    announce: Callable[[], object] = silence  # after decisions were written

    def __call__(self) -> int:
        """Return how many rows were claimed; 0 when nothing is due.

        Raises StorageUnavailableError; what was claimed is then due again when its lease ends.
        """
        tickets = self.queue.claim(
            Job.CHECK_LOCAL, BATCH, token=self.new_token(), lease=LEASES[Job.CHECK_LOCAL]
        )
        if not tickets:
            return 0
        now = tickets[0].claimed_at
        with self._release_on_error(tickets, now):
            self._judge_all(tickets, now)
        return len(tickets)

    @contextmanager
    def _release_on_error(self, tickets: Sequence[Ticket], now: datetime) -> Iterator[None]:
        """Release these rows, with a back-off, when anything is raised; the others are not
        affected.

        A batch that fails is released whole; its rows are then claimed one by one.
        """
        try:
            yield
        except StorageUnavailableError:
            raise  # nobody's fault: the drain ends, and the leases too
        except ANYTHING as error:
            for ticket in tickets:
                self.queue.fail(ticket, error, now + backoff(ticket.attempts))

    def _judge_all(self, tickets: Sequence[Ticket], now: datetime) -> None:
        stored_submissions = self.store.stored_submissions(ticket.subject_id for ticket in tickets)
        exhausted = {ticket.subject_id for ticket in tickets if ticket.attempts > MAX_ATTEMPTS}
        contexts = self.context_loader(
            {
                submission_id: stored
                for submission_id, stored in stored_submissions.items()
                if submission_id not in exhausted
            },
            now,
        )
        judge = Judge(self.local, self.remote, self.context_loader.text_judge)
        batch = BatchResult()
        checked: list[tuple[Ticket, Case, Findings]] = []
        for ticket in tickets:
            stored = stored_submissions.get(ticket.subject_id)
            site = self.context_loader.sites.get(ticket.site_id)
            if stored is None:
                batch.decided.append((ticket, None))
            elif site is None:  # so new that it is not known here: soon it is
                with self._release_on_error([ticket], now):
                    raise NotFoundError(f"The site {ticket.site_id} is not known here yet")
            elif ticket.subject_id in exhausted:
                write = self._decision_write(site, stored, Judged((), parked(MAX_ATTEMPTS)), now)
                batch.decided.append((ticket, write))
            else:
                with self._release_on_error([ticket], now):
                    context = contexts[ticket.subject_id]
                    case = Case(stored.submission, context, ticket.findings)
                    checked.append((ticket, case, judge.find(case)))
        cases = [case for _, case, _ in checked]
        weighed = judge.weigh([(case, findings) for _, case, findings in checked])
        judgements = InAdvance(self.store)(cases, weighed, now)
        for (ticket, case, _), judged in zip(checked, judgements, strict=True):
            with self._release_on_error([ticket], now):
                self._sort_in(ticket, stored_submissions[ticket.subject_id], case, judged, batch)
        self._write(batch, tickets, contexts)

    def _write(
        self, batch: BatchResult, tickets: Sequence[Ticket], contexts: Mapping[str, Context]
    ) -> None:
        claimed = {ticket.subject_id for ticket in tickets}
        rejudge = [key for key in batch.rejudge if key[0] not in claimed]
        joining = {id_: context.joining for id_, context in contexts.items() if context.joining}
        phrases = {id_: context.phrases for id_, context in contexts.items() if context.phrases}
        if self.store.finish(batch.decided, batch.to_remote, rejudge, joining, phrases):
            self.announce()
        if batch.to_remote:
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
            batch.to_remote.append((ticket, judged.findings, source_lane(submission)))
        else:
            write = self._decision_write(context.site, stored, judged, context.now)
            batch.decided.append((ticket, write))
            if write is None:  # nothing that others go by has changed: they are not judged again
                return
        batch.rejudge.extend(
            (copy_id, submission.site_id)
            for copy_id in may_be_copies(submission, context, judged.findings)
        )

    def _decision_write(
        self, site: Site, stored: StoredSubmission, judged: Judged, now: datetime
    ) -> DecisionWrite | None:
        """The decision with its callback; None where the latest one says the same, or is a
        person's.
        """
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
