"""What a judgement leaves behind: the decision, what was found, and the callback to send."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.finding import Finding
from moderator.domain.verdict import RecordedDecision


class CallbackEvent(StrEnum):
    ISSUED = "verdict.issued"
    REVISED = "verdict.revised"
    UPDATED = "linkback.updated"
    REMOVED = "linkback.removed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Written in one step. `callback` is the frozen body, None when the blog is not to be told.

    `look_at` is when the source of a linkback must be looked at again.
    """

    site_id: str
    recorded: RecordedDecision
    findings: tuple[Finding, ...]
    event: CallbackEvent
    callback: bytes | None
    deliver_at: datetime
    look_at: datetime | None = None
