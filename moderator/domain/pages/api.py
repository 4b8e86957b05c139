"""What a site may read about its own submission."""

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.decisions.delivery import Delivery
from moderator.domain.finding import Finding
from moderator.domain.verdict import RecordedDecision


@dataclass(frozen=True, slots=True)
class SubmissionStatus:
    """Where a submission stands: the findings of the latest decision, all decisions in order.

    `campaign_id` names a campaign only where it is large enough to be shown as one.
    `content_version` counts the texts it had, `reports` the readers who reported it.
    """

    id: str
    platform_id: str
    kind: str
    status: str
    received_at: datetime
    duplicate_of: str
    findings: tuple[Finding, ...]
    decisions: tuple[RecordedDecision, ...]
    deliveries: tuple[Delivery, ...]
    campaign_id: str = ""
    content_version: int = 1
    reports: int = 0
