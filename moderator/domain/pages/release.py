"""What would have released a submission: the fewest reasons without which it had been approved."""

from collections.abc import Sequence
from dataclasses import replace

from moderator.domain.finding import Finding, Signal
from moderator.domain.pages.dashboard import Judgement
from moderator.domain.policy import INSISTS, Policy, verdict_of
from moderator.domain.rule import RULE_DISCARD, RULE_SPAM
from moderator.domain.verdict import Reason, Verdict

Weighed = tuple[Reason, Finding]


def would_release(judgement: Judgement) -> tuple[Reason, ...]:
    """Empty where it was approved, where a person decided, or where nothing would have."""
    decision = judgement.recorded.decision
    if decision.verdict is Verdict.APPROVE or decision.decided_by.kind.is_person:
        return ()
    policy = Policy(hold_at=decision.hold_at, spam_at=decision.spam_at)
    weighed = _weighed(judgement)
    left = sorted(weighed, key=lambda pair: _order(pair[1]))
    without: list[Weighed] = []
    while left and not _is_approved(left, policy):
        without.append(left.pop(0))
    if not _is_approved(left, policy):
        return ()
    for one in [*without]:  # what need not go comes back
        if _is_approved([*left, one], policy):
            left.append(one)
            without.remove(one)
    return tuple(reason for reason, _ in without)


def _is_approved(weighed: Sequence[Weighed], policy: Policy) -> bool:
    return verdict_of([finding for _, finding in weighed], policy) is Verdict.APPROVE


def _weighed(judgement: Judgement) -> list[Weighed]:
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
    if finding.signal is Signal.REDUNDANT or finding.code in INSISTS | {RULE_SPAM, RULE_DISCARD}:
        return 0, 0.0
    if finding.weight > 0:
        return 1, -finding.weight
    return (2 if finding.signal is Signal.UNAVAILABLE else 3), -finding.weight
