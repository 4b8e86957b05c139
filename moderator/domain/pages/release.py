"""What would have released a submission: the fewest reasons without which it had been approved."""

from collections.abc import Sequence
from dataclasses import replace

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Judgement
from moderator.domain.policy import WAITS, Policy, verdict_of
from moderator.domain.verdict import Reason, Verdict


def would_release(judgement: Judgement) -> tuple[Reason, ...]:
    """None where it was approved, where a person decided, or where nothing would have."""
    decision = judgement.recorded.decision
    if decision.verdict is Verdict.APPROVE or decision.decided_by.kind.is_person:
        return ()
    policy = Policy(hold_at=decision.hold_at, spam_at=decision.spam_at)
    weighed = _weighed(judgement)
    left = sorted(weighed, key=lambda pair: _order(pair[1]))
    without: list[Reason] = []
    while left and verdict_of([finding for _, finding in left], policy) is not Verdict.APPROVE:
        reason, _ = left.pop(0)
        without.append(reason)
    is_enough = verdict_of([finding for _, finding in left], policy) is Verdict.APPROVE
    return tuple(without) if is_enough else ()


def _weighed(judgement: Judgement) -> list[tuple[Reason, Finding]]:
    """Each reason with its finding, which weighs what it added: sites weigh by factors."""
    known: dict[tuple[str, str], Finding] = {}
    for finding in judgement.findings:
        known.setdefault((finding.code or finding.check, finding.reason), finding)
    reasons: Sequence[Reason] = judgement.recorded.decision.reasons
    return [
        (reason, replace(known[reason.code, reason.text], weight=reason.contribution))
        for reason in reasons
        if (reason.code, reason.text) in known
    ]


def _order(finding: Finding) -> tuple[int, float]:
    """What decides whatever it weighs goes first, then by size; what gave no answer goes last."""
    if finding.signal is Signal.REDUNDANT or finding.code == WAITS:
        return 0, 0.0
    if finding.weight > 0:
        return 1, -finding.weight
    return (2 if finding.signal is Signal.UNAVAILABLE else 3), -finding.weight
