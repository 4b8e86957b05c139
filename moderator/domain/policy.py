"""How findings become a decision: the only place where findings are weighed.

In this order:
1. redundant (a copy, a self-ping) -> discard, at a site that wants it a copy is held: it is not
   spam, and nothing is taught from it;
2. a live rule that discards or calls it spam (domain/rule.py) -> that, whatever speaks for it;
3. score at or over `spam_at` -> spam, unless we cannot read the language and nothing is spam by
   itself: such a text waits for a person, whatever adds up;
4. a live rule that holds, or a site that lets such wait -> hold;
5. score at or over `hold_at` -> hold, but approve where a site publishes first and looks then;
6. a check that mattered was unavailable -> hold;
7. otherwise -> approve.

At a site that only observes, the service decides nothing: whatever it would have said is held, and
the reasons say what that is.

What text, links and author weigh together stops short of spam, unless the text alone is sure. What
a stranger brings never makes spam of anything: without those weights, too, `spam_at` must be
reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from moderator.domain.finding import Finding, Signal
from moderator.domain.rule import RULE_DISCARD, RULE_HOLD, RULE_SPAM
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict
from moderator.domain.weights import CIRCUMSTANCES


class Mode(StrEnum):
    """How much a site asks of strangers.

    Careful lets each wait who brings a page or a link, until people approved many such.
    """

    OPEN = "open"
    USUAL = "usual"
    CAREFUL = "careful"


class Moderation(StrEnum):
    """When people look at what is no spam: where it is doubtful, before all of it, or afterwards.

    A site that observes decides everything by people; the service only says what it would.
    """

    USUAL = "usual"
    BEFORE = "before"
    AFTER = "after"
    OBSERVE = "observe"


class CopyHandling(StrEnum):
    """What becomes of what a site has already."""

    DISCARD = "discard"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Policy:
    """Per site. `matters` names the checks whose silence holds a submission.

    `denylist` and `allowlist` are words, phrases, hosts, pages, e-mail and IP addresses; which of
    these an entry is, its form says (domain/lists/reading.py).
    `report_at` is how many reports of readers put an approved comment before a person.
    `previously_approved` lets every author wait who has nothing published here yet.
    `plain_at` is from which score a client that knows only yes and no is told that what is held is
    spam.
    """

    version: int = 1
    hold_at: float = 0.4
    spam_at: float = 0.9
    factors: dict[str, float] = field(default_factory=dict)
    matters: frozenset[str] = frozenset({"source_link", "akismet"})
    denylist: tuple[str, ...] = ()
    allowlist: tuple[str, ...] = ()
    report_at: int = 3
    mode: Mode = Mode.USUAL
    copies: CopyHandling = CopyHandling.DISCARD
    previously_approved: bool = False
    plain_at: float = 0.6
    moderation: Moderation = Moderation.USUAL

    @property
    def observes(self) -> bool:
        return self.moderation is Moderation.OBSERVE


def contribution(finding: Finding, policy: Policy) -> float:
    """What a finding adds to the score; rounded, so that what is shown adds up."""
    if not finding.weight:
        return 0.0
    return round(finding.weight * policy.factors.get(finding.check, 1.0), 4)


def score(findings: Sequence[Finding], policy: Policy) -> float:
    total = round(sum([contribution(f, policy) for f in findings if f.weight]), 4)
    return round(total - excess(findings, policy, total), 4)


def excess(findings: Sequence[Finding], policy: Policy, total: float) -> float:
    """What text, links and author weigh together beyond what holds; 0 where the text alone is sure.

    They are guesses at what somebody is like. Only what is known besides makes spam of them.
    """
    over = round(total - policy.spam_at + GUESSES_MARGIN, 4)
    if over < GUESSES_MARGIN:
        return 0.0
    guesses = [(f.check, contribution(f, policy)) for f in findings if f.check in GUESSES]
    if any(check == TEXT and adds >= policy.spam_at for check, adds in guesses):
        return 0.0
    guessed = sum(adds for _, adds in guesses) - policy.spam_at + GUESSES_MARGIN
    return min(max(0.0, round(guessed, 4)), over)


def is_redundant(findings: Sequence[Finding]) -> bool:
    return REDUNDANT in [finding.signal for finding in findings]


def is_settled(findings: Sequence[Finding], policy: Policy) -> bool:
    """Whether no further check could change the verdict: redundant, or spam by a clear margin."""
    if is_redundant(findings) or any(finding.code == RULE_DISCARD for finding in findings):
        return True
    return is_spam(findings, policy, score(findings, policy) - SETTLED_MARGIN)


# Looked up once: a member of an enumeration is found slowly.
NEUTRAL, REDUNDANT, UNAVAILABLE = Signal.NEUTRAL, Signal.REDUNDANT, Signal.UNAVAILABLE
SETTLED_MARGIN = 0.2  # more than the second stage can take off a score
TEXT = "spam_text"
# The checks that judge by wording and looks.
GUESSES = frozenset(
    {
        TEXT,
        "advertising_link",
        "author_shape",
        "densities",
        "link_shape",
        "random_text",
        "short_links",
        "topic",
    }
)
GUESSES_MARGIN = 0.01  # by which guesses stop short of the spam threshold
GUESSES_HOLD = "Text, links and author alone hold, and make no spam"
WAITS = "waits"  # code of a finding on what a site lets wait for a person, whatever it weighs
INSISTS = frozenset({WAITS, RULE_HOLD})  # codes of what holds whatever it weighs
# Codes of a finding on a text that we cannot read: in a language of the site's own, with and
# without lessons against it, or in another.
UNREAD_LANGUAGE, TAUGHT_TEXT = "unread_language", "taught_text"
UNKNOWN_LANGUAGE = "unknown_language"
UNREAD = frozenset({UNREAD_LANGUAGE, TAUGHT_TEXT, UNKNOWN_LANGUAGE})
OBSERVED = "observed"  # code of a reason: what was not done, for the site only observes
RULE = Decider(DeciderKind.RULE, "policy", "policy")


def verdict_of(findings: Sequence[Finding], policy: Policy) -> Verdict:
    """What `decide` would say, without the reasons; of a site that observes what it would."""
    return _verdict(_spoken(findings), policy, score(findings, policy))


def decide(findings: Sequence[Finding], policy: Policy) -> Decision:
    spoken = _spoken(findings)
    total = score(spoken, policy)
    verdict = _verdict(spoken, policy, total)
    observed = (_observed(verdict),) if policy.observes else ()
    return Decision(
        verdict=Verdict.HOLD if observed else verdict,
        decided_by=RULE,
        reasons=(*observed, *_reasons(spoken, policy)),
        score=total,
        hold_at=policy.hold_at,
        spam_at=policy.spam_at,
        policy_version=policy.version,
        duplicate_of=_original(spoken) if is_redundant(spoken) else "",
    )


def _observed(verdict: Verdict) -> Reason:
    words = f"This blog only observes: the service would have said {verdict}"
    return Reason(f"{OBSERVED}_{verdict}", words, evidence={"would": verdict.value})


def is_spam(findings: Sequence[Finding], policy: Policy, total: float) -> bool:
    if any(finding.code == RULE_SPAM for finding in findings):
        return True
    if total < policy.spam_at or total - circumstances(findings, policy) < policy.spam_at:
        return False
    is_readable = UNREAD.isdisjoint([finding.code for finding in findings])
    return is_readable or any(finding.signal is Signal.SPAM for finding in findings)


def circumstances(findings: Sequence[Finding], policy: Policy) -> float:
    """What is added to the score by what a stranger brings."""
    parts = [contribution(f, policy) for f in findings if f.check in CIRCUMSTANCES]
    return round(sum([part for part in parts if part > 0]), 4)


def _spoken(findings: Sequence[Finding]) -> list[Finding]:
    """What is no shrug: a neutral finding weighs nothing, whatever it says."""
    return [finding for finding in findings if finding.signal is not NEUTRAL]


def _original(spoken: Sequence[Finding]) -> str:
    named = (finding.evidence.get("duplicate_of") for finding in spoken)
    return next((str(original) for original in named if original), "")


def _verdict(spoken: Sequence[Finding], policy: Policy, total: float) -> Verdict:
    signals = [finding.signal for finding in spoken]
    if REDUNDANT in signals:
        is_copy = bool(_original(spoken))
        return Verdict.HOLD if is_copy and policy.copies is CopyHandling.HOLD else Verdict.DISCARD
    codes = {finding.code for finding in spoken}
    if RULE_DISCARD in codes:
        return Verdict.DISCARD
    if is_spam(spoken, policy, total):
        return Verdict.SPAM
    return Verdict.HOLD if _waits(spoken, policy, total) else Verdict.APPROVE


def _waits(spoken: Sequence[Finding], policy: Policy, total: float) -> bool:
    if any(finding.code in INSISTS for finding in spoken):
        return True
    if total >= policy.hold_at and policy.moderation is not Moderation.AFTER:
        return True
    return any(
        finding.signal is UNAVAILABLE and finding.check in policy.matters for finding in spoken
    )


def _reasons(spoken: Sequence[Finding], policy: Policy) -> list[Reason]:
    """What decided comes first: redundant, then by size."""
    weighed = [(f, contribution(f, policy)) for f in spoken]
    if len(weighed) > 1:
        weighed.sort(key=_size)
    reasons = [Reason(f.code or f.check, f.reason, adds, f.evidence) for f, adds in weighed]
    beyond = excess(spoken, policy, sum(reason.contribution for reason in reasons))
    if beyond:
        reasons.append(Reason("guesses_hold", GUESSES_HOLD, -beyond))
    return reasons


def _size(weighed: tuple[Finding, float]) -> tuple[bool, float]:
    return (weighed[0].signal is not REDUNDANT, -abs(weighed[1]))
