"""What a judgement leaves behind: the decision, what was found, and the callback to send."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.finding import Finding
from moderator.domain.queue import NOTHING_HEARD, Heard
from moderator.domain.verdict import RecordedDecision


class CallbackEvent(StrEnum):
    ISSUED = "verdict.issued"
    REVISED = "verdict.revised"
    UPDATED = "linkback.updated"
    REMOVED = "linkback.removed"


@dataclass(frozen=True, slots=True)
class Outcome:
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
    look_at: datetime | None = None
    ask_at: datetime | None = None
    silent: tuple[Finding, ...] = ()
    ends_looks: bool = False
    teaches: bool = False
    heard: Heard = NOTHING_HEARD
    is_heard: bool = False
    callback_url: str = ""  # '': that of the site

    @property
    def told(self) -> tuple[str, str]:
        """What the blog would hear by this: the status, and the original of a copy."""
        decision = self.recorded.decision
        return decision.verdict.status, decision.duplicate_of

    @property
    def is_always_told(self) -> bool:
        return self.event in (CallbackEvent.UPDATED, CallbackEvent.REMOVED)
