"""A moderator decides, or undoes: appends a decision; earlier ones are never changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import conclude
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.moderation import (
    ModeratedSubmission,
    Refusal,
    SeenVersion,
    decide,
    take_back,
)
from moderator.domain.errors import NotFoundError
from moderator.domain.finding import Finding
from moderator.domain.ports import Hints, SiteLookup
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.verdict import Decider, Decision, Verdict


class ModerationStore(Protocol):
    def record(
        self, submission_id: str, conclude: Callable[[ModeratedSubmission], DecisionWrite | None]
    ) -> DecisionWrite | None:
        """Write what `conclude` makes of what stands, while nobody else can write about it.

        Nothing is written when it returns None, or raises. Raises NotFoundError when there is no
        such submission, or when it was erased.
        """
        ...

    def record_all(
        self, ids: Sequence[str], conclude: Callable[[ModeratedSubmission], DecisionWrite | None]
    ) -> tuple[list[DecisionWrite], list[Refusal]]:
        """The same for several in one step: what raises ConflictError is told, the rest written.

        What does not exist, or was erased, is passed over.
        """
        ...


@dataclass(frozen=True, slots=True)
class Moderate:
    """`grace`, the grace period: so long callback and lesson wait, so that a slip can be undone."""

    store: ModerationStore
    sites: SiteLookup
    hints: Hints
    platform_of: Callable[[Site], Platform]
    grace: timedelta

    def __call__(
        self,
        submission_id: str,
        verdict: Verdict,
        moderator: Decider,
        *,
        seen: SeenVersion,
        scope: Scope = None,
        now: datetime,
    ) -> bool:
        """Record a moderator's verdict; return whether it is a new one.

        `seen` is the latest decision, and the text, that the moderator saw. Raises ConflictError
        when either moved or it is being judged, NotFoundError when there is no such submission
        within `scope`.
        """

        def settle(subject: ModeratedSubmission) -> DecisionWrite | None:
            if scope is not None and subject.stored.submission.site_id not in scope:
                raise NotFoundError("There is no such submission")
            decision = decide(subject, verdict, moderator, seen)
            return None if decision is None else self.conclude(subject, decision, now)

        return self._record(submission_id, settle)

    def undo(
        self, submission_id: str, moderator: Decider, *, seen: SeenVersion, now: datetime
    ) -> bool:
        """Take back a moderator's latest decision: the one before it is written anew.

        Return False where it was taken back before. Raises ConflictError when something moved or
        there is nothing to take back, NotFoundError.
        """
        return self._record(
            submission_id, lambda subject: self.restore(subject, moderator, seen, now)
        )

    def restore(
        self, subject: ModeratedSubmission, moderator: Decider, seen: SeenVersion, now: datetime
    ) -> DecisionWrite | None:
        """What to write to take back what was seen. Raises ConflictError."""
        before = take_back(subject, moderator, seen)
        if before is None:
            return None
        write = self.conclude(subject, before.recorded.decision, now, before.findings)
        return replace(write, teaches=True)

    def conclude(
        self,
        subject: ModeratedSubmission,
        decision: Decision,
        now: datetime,
        findings: tuple[Finding, ...] = (),
    ) -> DecisionWrite:
        site = self.sites.get(subject.stored.submission.site_id)
        if site is None:
            raise NotFoundError("There is no such site")
        return conclude(
            site,
            subject.stored,
            decision,
            findings=findings,
            platform=self.platform_of(site),
            now=now,
            deliver_at=now + self.grace,
        )

    def _record(
        self, submission_id: str, settle: Callable[[ModeratedSubmission], DecisionWrite | None]
    ) -> bool:
        write = self.store.record(submission_id, settle)
        if write is None:
            return False
        self.tell()
        return True

    def tell(self) -> None:
        """Say that something was decided: what follows from it may be due."""
        self.hints.work_is_due(Job.CHECK_LOCAL)  # what follows from it for copies
        self.hints.work_is_due(Job.DELIVER)
        self.hints.work_is_due(Job.TRAIN_SITE_MODEL)
