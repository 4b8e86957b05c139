"""Reverification: what a later fetch of a linkback's source changes about what was decided.

In this order:
1. no answer, or asked too often: nothing is known, it is asked again;
2. the link was never seen: a repeated claim is judged anew, a person's decision stands;
3. the link is gone: removed, also when a person approved, for there is nothing left to show; what
   a person holds waits for a person;
4. the link is hidden now: held, unless a person approved;
5. the page says something else, or is back: updated, and judged by what it says now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.finding import Finding, Signal
from moderator.domain.linkback.source_content import is_found
from moderator.domain.queue import StoredSubmission
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict

RECHECKS = (3_600, 86_400, 604_800, 2_592_000)  # 1 h, 1 d, 7 d, 30 d
SAID = ("title", "excerpt", "author")
NOTICER = Decider(DeciderKind.RULE, "linkback", "the linkback's source")
LOST = frozenset({"no_link", "gone"})


class SourceChange(StrEnum):
    NOTHING = "nothing"
    SILENCE = "silence"
    REJUDGE = "rejudge"
    REMOVED = "removed"
    HIDDEN = "hidden"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Reverification:
    """The result of a reverification: what to write, what to judge anew, when to reverify next.

    `judged_with` is None when nothing is to be judged anew; the finding in it saves a fetch.
    `content_version` is the text that was looked for, `seen` what was found: the fact holds for a
    newer text too, the rest does not. `sequence` is the decision that stood then: of a newer one
    nothing is known here.
    """

    decision_write: DecisionWrite | None = None
    submission: Submission | None = None
    judged_with: tuple[Finding, ...] | None = None
    next_at: datetime | None = None
    is_retry: bool = False
    content_version: int = 1
    sequence: int = 0
    seen: Finding | None = None


def source_change(stored: StoredSubmission, before: Finding | None, seen: Finding) -> SourceChange:
    """What changed between `before`, the finding behind the latest decision, and `seen`."""
    if seen.signal is Signal.UNAVAILABLE:
        return SourceChange.SILENCE
    by_person = DeciderKind(stored.decided_by or "rule").is_person
    if not is_found(before):
        return SourceChange.NOTHING if by_person else SourceChange.REJUDGE
    if not is_found(seen):
        is_lost = seen.code in LOST and seen.signal is Signal.SPAM
        is_held_by_person = by_person and stored.status == "hold"
        is_removed = is_lost and stored.status in SHOWN_STATUSES and not is_held_by_person
        return SourceChange.REMOVED if is_removed else SourceChange.NOTHING
    return _of_found(stored, before, seen, by_person=by_person)


SHOWN_STATUSES = frozenset({"approved", "hold"})


def _of_found(
    stored: StoredSubmission, before: Finding | None, seen: Finding, *, by_person: bool
) -> SourceChange:
    is_edited = before is None or any(before.evidence.get(n) != seen.evidence.get(n) for n in SAID)
    match stored.status:
        case "approved":
            if seen.code != "linked" and not by_person:
                return SourceChange.HIDDEN
            return SourceChange.UPDATED if is_edited else SourceChange.NOTHING
        case "trash" if stored.decided_by == DeciderKind.RULE and not stored.duplicate_of:
            return (
                SourceChange.UPDATED if seen.code == "linked" else SourceChange.NOTHING
            )  # it is back
        case _:
            return SourceChange.REJUDGE if is_edited and not by_person else SourceChange.NOTHING


def decision_on(found: SourceChange, seen: Finding) -> Decision | None:
    match found:
        case SourceChange.REMOVED:
            return _decision(Verdict.DISCARD, "linkback_removed", seen.reason)
        case SourceChange.HIDDEN:
            return _decision(Verdict.HOLD, "linkback_hidden", seen.reason)
        case SourceChange.UPDATED:
            return _decision(Verdict.APPROVE, "linkback_updated", "The source was edited")
        case _:
            return None


def _decision(verdict: Verdict, code: str, text: str) -> Decision:
    return Decision(verdict, NOTICER, (Reason(code, text),))


def next_reverification(
    arrived: datetime, now: datetime, schedule: tuple[int, ...]
) -> datetime | None:
    """When to reverify next; None at the end of the schedule."""
    times = (arrived + timedelta(seconds=seconds) for seconds in schedule)
    return next((time for time in times if time > now), None)
