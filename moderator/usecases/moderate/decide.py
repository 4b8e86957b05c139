"""A moderator decides, or undoes: appends a decision; earlier ones are never changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.decisions.callback import Platform
from moderator.domain.decisions.conclude import conclude
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.moderation import (
    EarlierDecision,
    ModeratedSubmission,
    SeenVersion,
    decide,
    take_back,
)
from moderator.domain.errors import InvalidError, NotFoundError
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
        now: datetime,
    ) -> bool:
        """Record a moderator's verdict; return whether it is a new one.

        `seen` is the latest decision, and the text, that the moderator saw. Raises ConflictError
        when either moved or it is being judged, NotFoundError when there is no such submission,
        InvalidError for hold.
        """
        if verdict is Verdict.HOLD:
            raise InvalidError("A person decides approve, spam or discard; held is where it was")

        def settle(subject: ModeratedSubmission) -> DecisionWrite | None:
            decision = decide(subject, verdict, moderator, seen)
            return None if decision is None else self._conclude(subject, decision, now)

        return self._record(submission_id, settle)

    def undo(
        self, submission_id: str, moderator: Decider, *, seen: SeenVersion, now: datetime
    ) -> None:
        """Take back a moderator's latest decision: the one before it is written anew.

        Raises ConflictError when something moved or there is nothing to take back, NotFoundError.
        """

        def settle(subject: ModeratedSubmission) -> DecisionWrite:
            before: EarlierDecision = take_back(subject, moderator, seen)
            write = self._conclude(subject, before.recorded.decision, now)
            return replace(write, findings=before.findings, teaches=True)

        self._record(submission_id, settle)

    def _conclude(
        self, subject: ModeratedSubmission, decision: Decision, now: datetime
    ) -> DecisionWrite:
        site = self.sites.get(subject.stored.submission.site_id)
        if site is None:
            raise NotFoundError("There is no such site")
        return conclude(
            site,
            subject.stored,
            decision,
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
        self.hints.work_is_due(Job.CHECK_LOCAL)  # what follows from it for copies
        self.hints.work_is_due(Job.DELIVER)
        self.hints.work_is_due(Job.TRAIN_SITE_MODEL)
        return True
