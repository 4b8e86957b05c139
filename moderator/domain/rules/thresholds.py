"""How often a site would be wrong at each threshold, as far as people's decisions tell.

People decide about a part only, and most of all where it is doubtful. So submissions are sorted by
score into bands; in each band the share of wrong ones is told by what people decided there, and
counts as often as there are submissions in it, decided or not. The intervals of bands (Wilson) are
joined by recovering their variances (MOVER; Zou and Donner 2008).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf, sqrt

from moderator.domain.answering.tally import interval
from moderator.domain.history.record import PastVerdict
from moderator.domain.policy import Moderation, Policy, is_redundant, score, verdict_of
from moderator.domain.rule import EARNED_AMONG, EARNED_SHARE
from moderator.domain.verdict import Verdict

HOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # settings that are told
SPAMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5)
BAND = 0.1  # of the score
LAST_BAND = 12
ENOUGH = 50  # decisions of people, below which an estimate says too little
FEW = 5  # decisions in a band, below which it is blind
MOST_BLIND = 0.05  # of what an estimate is about that may lie in blind bands
REFUSED = frozenset({Verdict.SPAM, Verdict.DISCARD})


@dataclass(frozen=True, slots=True)
class ThresholdItem:
    """One submission: its score, whether it waits whatever it weighs, and the highest setting at
    which it is spam (0: at none). `by_person` is what people decided.
    """

    score: float
    insists: bool
    spam_to: float
    by_person: Verdict | None

    @property
    def band(self) -> int:
        return min(max(int(self.score / BAND + 1e-9), 0), LAST_BAND)


@dataclass(frozen=True, slots=True)
class PastTrial:
    """Imported submissions that people had decided about, judged again as if they came in then."""

    items: tuple[ThresholdItem, ...]
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class Estimate:
    """Per 1,000 submissions, with an interval of 95 %. `decided` are people's decisions that it
    rests on, `blind` the share of what it is about where nobody decided enough.
    """

    per_1000: float
    low: float
    high: float
    decided: int
    blind: float

    @property
    def is_enough(self) -> bool:
        return self.decided >= ENOUGH and self.blind <= MOST_BLIND


@dataclass(frozen=True, slots=True)
class Setting:
    """What one threshold would do: `chosen` of 1,000 it approves, or calls spam; `wrong` of 1,000
    against people's word.
    """

    at: float
    chosen: float
    wrong: Estimate
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class ThresholdTable:
    """`read` submissions, of which people decided about `decided`."""

    read: int
    decided: int
    holds: tuple[Setting, ...]
    spams: tuple[Setting, ...]


def item_of(past: PastVerdict, policy: Policy) -> ThresholdItem | None:
    """None for what repeats another: no threshold decides about it."""
    findings = past.findings
    if is_redundant(findings):
        return None
    usual = replace(policy, moderation=Moderation.USUAL)
    insists = verdict_of(findings, replace(usual, hold_at=inf, spam_at=inf)) is not Verdict.APPROVE
    total = score(findings, usual)
    said = None if past.by_person is Verdict.HOLD else past.by_person
    return ThresholdItem(total, insists, _spam_to(past, usual, total), said)


def _spam_to(past: PastVerdict, policy: Policy, total: float) -> float:
    if total < SPAMS[0] - BAND:
        return 0.0
    for at in reversed(SPAMS):
        if verdict_of(past.findings, replace(policy, spam_at=at)) is Verdict.SPAM:
            return at
    return 0.0


def table(items: Sequence[ThresholdItem], policy: Policy) -> ThresholdTable:
    decided = sum(item.by_person is not None for item in items)
    holds = [_hold(items, at, policy.hold_at) for at in _with(HOLDS, policy.hold_at)]
    spams = [_spam(items, at, policy.spam_at) for at in SPAMS]
    return ThresholdTable(len(items), decided, tuple(holds), tuple(spams))


def _with(settings: Sequence[float], current: float) -> list[float]:
    return sorted({*settings, current})


def _hold(items: Sequence[ThresholdItem], at: float, current: float) -> Setting:
    chosen = [item for item in items if item.score < at and not item.insists]
    wrong = estimate(chosen, len(items), lambda item: item.by_person in REFUSED)
    return Setting(at, _per_1000(len(chosen), len(items)), wrong, at == current)


def _spam(items: Sequence[ThresholdItem], at: float, current: float) -> Setting:
    chosen = [item for item in items if item.spam_to >= at]
    wrong = estimate(chosen, len(items), lambda item: item.by_person is Verdict.APPROVE)
    return Setting(at, _per_1000(len(chosen), len(items)), wrong, at == current)


def _per_1000(part: int, whole: int) -> float:
    return round(1000 * part / whole, 1) if whole else 0.0


def estimate(
    chosen: Sequence[ThresholdItem], whole: int, is_wrong: Callable[[ThresholdItem], bool]
) -> Estimate:
    """How many of 1,000 submissions are chosen although people would not have it."""
    bands: dict[int, list[ThresholdItem]] = {}
    for item in chosen:
        bands.setdefault(item.band, []).append(item)
    share = below = above = 0.0
    decided = blind = 0
    for members in bands.values():
        said = [item for item in members if item.by_person is not None]
        wrong, weight = sum(map(is_wrong, said)), len(members) / whole
        rate = wrong / len(said) if said else 0.0
        low, high = interval(wrong, len(said))
        share += weight * rate
        below += (weight * (rate - low)) ** 2
        above += (weight * (high - rate)) ** 2
        decided += len(said)
        blind += len(members) if len(said) < FEW else 0
    low, high = max(0.0, share - sqrt(below)), min(len(chosen) / max(whole, 1), share + sqrt(above))
    told, least, most = (round(1000 * part, 1) for part in (share, low, high))
    return Estimate(told, least, most, decided, blind / len(chosen) if chosen else 0.0)


def why_not(history: Iterable[PastVerdict], now: Policy, wanted: Policy) -> str:
    """Why a site may not let the service decide more than now; '' when it may.

    What would be approved, or called spam, that is not so far, must be what people said of it.
    """
    more = {Verdict.APPROVE: [0, 0], Verdict.SPAM: [0, 0]}
    for past in history:
        if past.by_person is None or past.by_person is Verdict.HOLD:
            continue
        verdict = verdict_of(past.findings, wanted)
        if verdict in more and verdict is not verdict_of(past.findings, now):
            more[verdict][0] += 1
            more[verdict][1] += (past.by_person in REFUSED) is (verdict is Verdict.SPAM)
    asks = {
        Verdict.APPROVE: wanted.hold_at > now.hold_at,
        Verdict.SPAM: wanted.spam_at < now.spam_at,
    }
    for verdict, (decided, right) in more.items():
        if asks[verdict] and (decided < EARNED_AMONG or right < EARNED_SHARE * decided):
            return (
                f"The service would {verdict} more by itself: people must have agreed with"
                f" {EARNED_SHARE:.2%} of at least {EARNED_AMONG:,} of these; so far with"
                f" {right:,} of {decided:,}"
            )
    return ""
