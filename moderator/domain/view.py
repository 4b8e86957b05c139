"""What a site may read about its own submission."""

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.finding import Finding
from moderator.domain.verdict import RecordedDecision


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One callback: `state` is waiting, delivered, refused or dead."""

    id: str
    event: str
    state: str
    tries: int
    last_status: int
    last_error: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """Where a submission stands: the findings of the latest decision, all decisions in order."""

    id: str
    platform_id: str
    kind: str
    status: str
    received_at: datetime
    duplicate_of: str
    findings: tuple[Finding, ...]
    decisions: tuple[RecordedDecision, ...]
    deliveries: tuple[DeliveryView, ...]
