"""Holds for mere silence: nothing speaks against it, but a check that matters gave no answer.

Nobody but the one that was silent can say more, so it is asked again, ever more rarely, and a
person decides if it never answers.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from moderator.domain.conclude import after_person
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import RULE, Policy
from moderator.domain.verdict import Decision, Verdict
from moderator.domain.work import Standing

# Seconds after the decision at which the silent are asked again.
SCHEDULE = (60, 300, 1_800, 7_200, 21_600, 86_400)
RECHECK_AFTER = "recheck_after"  # evidence: the seconds in which a service wants to be asked again
SOONEST = 30


def unanswered(findings: Sequence[Finding], policy: Policy) -> list[Finding]:
    """The silence that matters."""
    return [f for f in findings if f.signal is Signal.UNAVAILABLE and f.check in policy.matters]


def is_mere_silence(
    standing: Standing, decision: Decision, findings: Sequence[Finding], policy: Policy
) -> bool:
    """Whether an answer alone could let it pass: no weight holds it, and no person's word does."""
    if decision.verdict is not Verdict.HOLD or decision.decided_by != RULE:
        return False
    if decision.score >= decision.hold_at or not unanswered(findings, policy):
        return False
    passed = replace(decision, verdict=Verdict.APPROVE)
    return after_person(standing, passed).verdict is Verdict.APPROVE


def first_asking(findings: Sequence[Finding], now: datetime) -> datetime:
    """When to ask again for the first time; a service may have said when."""
    wanted = [int(str(f.evidence[RECHECK_AFTER])) for f in findings if RECHECK_AFTER in f.evidence]
    seconds = min(max(*wanted, SOONEST), SCHEDULE[-1]) if wanted else SCHEDULE[0]
    return now + timedelta(seconds=seconds)


def next_asking(decided_at: datetime, now: datetime) -> datetime | None:
    """When to ask again; None when it was asked often enough."""
    times = (decided_at + timedelta(seconds=seconds) for seconds in SCHEDULE)
    return next((time for time in times if time > now), None)
