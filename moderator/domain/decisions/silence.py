"""Holds for mere silence: nothing speaks against it, but a check that matters gave no answer.

Nobody but the one that was silent can say more, so it is asked again, ever more rarely, and a
person decides if it never answers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import INSISTS, RULE, Policy
from moderator.domain.verdict import Decision, Reason, Verdict

# Seconds after the decision at which the silent are asked again.
SCHEDULE = (60, 300, 1_800, 7_200, 21_600, 86_400)
RECHECK_AFTER = "recheck_after"  # evidence: the seconds in which a service wants to be asked again
SOONEST = 30  # seconds
WAITING = Reason(
    "asked_again", "Nothing else holds it: for a day it is asked again, and an answer decides"
)


def unanswered(findings: Sequence[Finding], policy: Policy) -> tuple[Finding, ...]:
    """The silence that matters."""
    return tuple(
        finding
        for finding in findings
        if finding.signal is Signal.UNAVAILABLE and finding.check in policy.matters
    )


def is_mere_silence(decision: Decision, findings: Sequence[Finding], policy: Policy) -> bool:
    """Whether an answer alone could let it pass: no weight holds it."""
    is_held_by_rule = decision.verdict is Verdict.HOLD and decision.decided_by == RULE
    is_light = decision.score < decision.hold_at and all(f.code not in INSISTS for f in findings)
    return is_held_by_rule and is_light and bool(unanswered(findings, policy))


def first_asking(findings: Sequence[Finding], now: datetime) -> datetime:
    """When to ask again for the first time; a service may have said when."""
    return now + timedelta(seconds=_wanted(findings) or SCHEDULE[0])


def next_asking(askings: int, findings: Sequence[Finding], now: datetime) -> datetime | None:
    """When to ask again after so many askings; None when it was asked often enough."""
    if askings >= len(SCHEDULE):
        return None
    wait = SCHEDULE[askings] - SCHEDULE[askings - 1]
    return now + timedelta(seconds=max(wait, _wanted(findings)))


def _wanted(findings: Sequence[Finding]) -> int:
    """The longest wait that a service asked for, in seconds; 0 when none did."""
    said = [finding.evidence.get(RECHECK_AFTER) for finding in findings]
    wanted = max((int(str(seconds)) for seconds in said if seconds), default=0)
    return min(max(wanted, SOONEST), SCHEDULE[-1]) if wanted else 0
