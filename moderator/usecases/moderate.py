"""A person decides: a new decision is written beside the earlier ones, and its callback queued."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.errors import ConflictError
from moderator.domain.jobs import Job
from moderator.domain.ports import Hints
from moderator.domain.verdict import Decider, Decision, Reason, RecordedDecision, Verdict


class ModerationStore(Protocol):
    def decide(
        self,
        submission_id: str,
        decision: Decision,
        *,
        seen_sequence: int,
        now: datetime,
        grace: timedelta,
    ) -> RecordedDecision:
        """Write the decision and its callback in one transaction; the callback leaves after `grace`.

        Raises ConflictError when the latest decision is not `seen_sequence` any more, NotFoundError
        when there is no such submission.
        """
        ...


@dataclass(frozen=True, slots=True)
class Moderate:
    store: ModerationStore
    hints: Hints
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
        """Record a moderator's verdict. Raises ConflictError when somebody else was first."""
        if verdict is Verdict.HOLD:
            raise ConflictError("A person decides approve, spam or discard; hold is where it was")
        decision = Decision(
            verdict=verdict,
            decided_by=moderator,
            reasons=(Reason("moderator", f"{moderator.name} decided: {verdict}"),),
        )
        recorded = self.store.decide(
            submission_id, decision, seen_sequence=seen_sequence, now=now, grace=self.grace
        )
        self.hints.work_is_due(Job.DELIVER)
        return recorded
