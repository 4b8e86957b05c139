"""What was decided about a submission, why, and by whom."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderator.domain.finding import Evidence, sentence_key

QUEUED, ERASED = "queued", "erased"


class Verdict(StrEnum):
    APPROVE = "approve"
    HOLD = "hold"
    SPAM = "spam"
    DISCARD = "discard"

    @property
    def status(self) -> str:
        """The wire status (approved, hold, spam, trash)."""
        return STATUS[self]


STATUS = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "hold",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "trash",
}
VERDICT_OF_STATUS = {status: verdict for verdict, status in STATUS.items()}


class DeciderKind(StrEnum):
    RULE = "rule"
    MODEL = "model"
    MODERATOR = "moderator"
    BLOG = "blog"
    EXPIRY = "expiry"

    @property
    def is_person(self) -> bool:
        return self in (DeciderKind.MODERATOR, DeciderKind.BLOG)


@dataclass(frozen=True, slots=True)
class Decider:
    kind: DeciderKind
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the explanation; contributions of all reasons add up to the score."""

    code: str
    text: str
    contribution: float = 0.0
    evidence: Evidence = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What sentence it is, whatever is named in it."""
        return sentence_key(self.code, self.evidence)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons. `duplicate_of` is our id of the original, if it is a copy."""

    verdict: Verdict
    decided_by: Decider
    reasons: tuple[Reason, ...] = ()
    score: float = 0.0
    hold_at: float = 0.0
    spam_at: float = 0.0
    policy_version: int = 1
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision as stored: `sequence` rises by one per submission, from 1.

    `content_version` says which text it is about. `previous_status` is the status before it here.
    Decisions that one press of a key made together have the same `act`.
    """

    id: str
    submission_id: str
    sequence: int
    decided_at: datetime
    previous_status: str
    decision: Decision
    content_version: int = 1
    act: str = ""
