"""What a judgement leaves behind: the decision, what was found, and the callback to send."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.finding import Finding
from moderator.domain.queue import NOTHING_ACKNOWLEDGED, Acknowledged
from moderator.domain.verdict import RecordedDecision


class CallbackEvent(StrEnum):
    ISSUED = "verdict.issued"
    REVISED = "verdict.revised"
    UPDATED = "linkback.updated"
    REMOVED = "linkback.removed"


@dataclass(frozen=True, slots=True)
class DecisionWrite:
    """Written in one step. `callback` is the frozen body, None when the blog is not to be told.

    `ask_at` is when the `silent` must be asked again. `look_at` is when the source of a linkback
    must be looked at again, `ends_looks` that it need not be. `teaches` says that people's word
    changed, so that who learns from it must look. `heard` is what the blog had heard when the body
    was made; `is_heard` that the blog knows this decision, because it came from there.
    """

    site_id: str
    recorded: RecordedDecision
    findings: tuple[Finding, ...]
    event: CallbackEvent
    callback: bytes | None
    deliver_at: datetime
    reverify_at: datetime | None = None
    ask_at: datetime | None = None
    silent: tuple[Finding, ...] = ()
    ends_reverification: bool = False
    teaches: bool = False
    acknowledged: Acknowledged = NOTHING_ACKNOWLEDGED
    is_acknowledged: bool = False

    @property
    def told(self) -> tuple[str, str]:
        """What the blog would hear by this: the status, and the original of a copy."""
        decision = self.recorded.decision
        return decision.verdict.status, decision.duplicate_of

    @property
    def must_be_told(self) -> bool:
        return self.event in (CallbackEvent.UPDATED, CallbackEvent.REMOVED)
