"""How findings become a decision: the only place where findings are weighed.

In this order:
1. redundant (a copy, a self-ping) -> discard: it is not spam, and nothing is taught from it;
2. score at or over `spam_at` -> spam, unless the language is unknown to us and nothing is spam by
   itself: such a text waits for a person, whatever adds up;
3. score at or over `hold_at` -> hold;
4. a check that mattered was unavailable -> hold;
5. otherwise -> approve.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from moderator.domain.finding import Finding, Signal
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Policy:
    """Per site. `matters` names the checks whose silence holds a submission.

    `denylist` and `allowlist` are words, phrases, hosts, e-mail addresses (or "@domain") and IP
    addresses or networks; which of these an entry is, its form says (checks/lists.py).
    `report_at` is how many reports of readers put an approved comment before a person.
    """

    version: int = 1
    hold_at: float = 0.4
    spam_at: float = 0.9
    factors: dict[str, float] = field(default_factory=dict)
    matters: frozenset[str] = frozenset({"source_link", "akismet"})
    denylist: tuple[str, ...] = ()
    allowlist: tuple[str, ...] = ()
    report_at: int = 3


def contribution(finding: Finding, policy: Policy) -> float:
    """What a finding adds to the score; rounded, so that what is shown adds up."""
    return round(finding.weight * policy.factors.get(finding.check, 1.0), 4)


def score(findings: Sequence[Finding], policy: Policy) -> float:
    return round(sum(contribution(f, policy) for f in findings if f.weight), 4)


def is_settled(findings: Sequence[Finding], policy: Policy) -> bool:
    """Whether no further check could change the verdict: redundant, or spam by a clear margin."""
    if any(finding.signal is Signal.REDUNDANT for finding in findings):
        return True
    return is_spam(findings, policy, score(findings, policy) - SETTLED_MARGIN)


BY_SIZE = itemgetter(0, 1)
SETTLED_MARGIN = 0.2  # more than the second stage can take off a score
UNKNOWN_LANGUAGE = "unknown_language"  # code of a finding on a text that we cannot read
RULE = Decider(DeciderKind.RULE, "policy", "policy")


def decide(findings: Sequence[Finding], policy: Policy) -> Decision:
    total = score(findings, policy)
    spoken = [finding for finding in findings if finding.signal is not Signal.NEUTRAL]
    verdict = _verdict(spoken, policy, total)
    return Decision(
        verdict=verdict,
        decided_by=RULE,
        reasons=tuple(_reasons(spoken, policy)),
        score=total,
        hold_at=policy.hold_at,
        spam_at=policy.spam_at,
        policy_version=policy.version,
        duplicate_of=_original(spoken) if verdict is Verdict.DISCARD else "",
    )


def is_spam(findings: Sequence[Finding], policy: Policy, total: float) -> bool:
    if total < policy.spam_at:
        return False
    is_readable = all(finding.code != UNKNOWN_LANGUAGE for finding in findings)
    return is_readable or any(finding.signal is Signal.SPAM for finding in findings)


def _original(spoken: Sequence[Finding]) -> str:
    named = (finding.evidence.get("duplicate_of") for finding in spoken)
    return next((str(original) for original in named if original), "")


def _verdict(spoken: Sequence[Finding], policy: Policy, total: float) -> Verdict:
    if any(f.signal is Signal.REDUNDANT for f in spoken):
        return Verdict.DISCARD
    if is_spam(spoken, policy, total):
        return Verdict.SPAM
    if total >= policy.hold_at:
        return Verdict.HOLD
    if any(f.signal is Signal.UNAVAILABLE and f.check in policy.matters for f in spoken):
        return Verdict.HOLD
    return Verdict.APPROVE


def _reasons(spoken: Sequence[Finding], policy: Policy) -> list[Reason]:
    """What decided comes first: redundant, then by size."""
    weighed = [
        (f.signal is not Signal.REDUNDANT, -abs(adds), adds, f)
        for f, adds in ((f, contribution(f, policy)) for f in spoken)
    ]
    weighed.sort(key=BY_SIZE)
    return [Reason(f.code or f.check, f.reason, adds, f.evidence) for *_, adds, f in weighed]
