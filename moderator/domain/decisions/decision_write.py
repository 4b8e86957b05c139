"""A decision with all that is written beside it in one transaction."""

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
    """A decision, its findings, its callback, and what follows from it.

    `callback` is the frozen body, None where the blog is not told. `deliver_at` is when it may
    leave. `ask_at` is when the unavailable checks (`silent`) are asked again. `reverify_at` is when
    the source of a linkback is fetched again; `ends_reverification` stops that. `teaches`: a
    person's decision, from which the site's model learns. `acknowledged` is what the blog knew when
    the body was made; `is_acknowledged`: the decision came from the blog, which so knows it.
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
    callback_url: str = ""  # '': that of the site

    @property
    def told(self) -> tuple[str, str]:
        """The status that the callback tells, and the original of a copy."""
        decision = self.recorded.decision
        return decision.verdict.status, decision.duplicate_of

    @property
    def must_be_told(self) -> bool:
        return self.event in (CallbackEvent.UPDATED, CallbackEvent.REMOVED)
