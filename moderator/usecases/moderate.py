"""A person decides: a new decision is written beside the earlier ones, and its callback queued."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.callback import Platform
from moderator.domain.conclude import conclude
from moderator.domain.errors import ConflictError, InvalidError, NotFoundError
from moderator.domain.jobs import Job
from moderator.domain.outcome import Outcome
from moderator.domain.ports import Hints
from moderator.domain.site import Site
from moderator.domain.verdict import Decider, Decision, Reason, RecordedDecision, Verdict
from moderator.domain.work import Standing
from moderator.usecases.surroundings import SiteBook


class ModerationStore(Protocol):
    def standing(self, submission_id: str) -> Standing:
        """Raises NotFoundError."""
        ...

    def record(self, outcome: Outcome) -> None:
        """Raises ConflictError when the submission has a newer decision already."""
        ...


@dataclass(frozen=True, slots=True)
class Moderate:
    """`grace` is how long the callback waits, so that a slip can be undone."""

    store: ModerationStore
    sites: SiteBook
    hints: Hints
    platform_of: Callable[[Site], Platform]
    grace: timedelta

    def __call__(
        self,
        submission_id: str,
        verdict: Verdict,
        moderator: Decider,
        *,
        seen_sequence: int,
        now: datetime,
    ) -> RecordedDecision:
        """Record a moderator's verdict.

        `seen_sequence` is the latest decision that the moderator saw. Raises ConflictError when
        there is a newer one, NotFoundError when there is no such submission, InvalidError for hold.
        """
        if verdict is Verdict.HOLD:
            raise InvalidError("A person decides approve, spam or discard; held is where it was")
        standing = self.store.standing(submission_id)
        if standing.sequence != seen_sequence:
            raise ConflictError("Somebody decided about this meanwhile")
        site = self.sites.get(standing.submission.site_id)
        if site is None:
            raise NotFoundError("There is no such site")
        decision = Decision(
            verdict=verdict,
            decided_by=moderator,
            reasons=(Reason("moderator", f"{moderator.name} decided: {verdict}"),),
        )
        outcome = conclude(
            site,
            standing,
            decision,
            platform=self.platform_of(site),
            now=now,
            deliver_at=now + self.grace,
        )
        self.store.record(outcome)
        self.hints.work_is_due(Job.DELIVER)
        self.hints.work_is_due(Job.LEARN)
        return outcome.recorded
