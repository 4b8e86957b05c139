"""What the statistics page shows: what came in, who decided it, and how often people agreed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from moderator.domain.answering.tally import interval
from moderator.domain.pages.dashboard import CappedCount
from moderator.domain.verdict import DeciderKind, Verdict

DAYS = 30  # that are shown, today included
FIRST_DAY = date(1970, 1, 1)
REFUSALS = (Verdict.SPAM, Verdict.DISCARD)
# From how old what is held counts to a group, the youngest first.
AGES = (
    timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=3), timedelta(days=7),
    timedelta(days=30),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """So many decisions of one kind on one day (UTC). `machine_said` is the verdict that the
    service had given just before a person's word, None where it had given none; `is_first` says
    that these were the first word on what came in.
    """

    day: int
    verdict: Verdict
    decided_by: DeciderKind
    machine_said: Verdict | None
    is_first: bool
    number: int


@dataclass(frozen=True, slots=True)
class Proportion:
    """`part` of `whole`, with the interval in which the true share lies by 95 % (Wilson)."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        return interval(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class IntakeDay:
    """What came in on one day, by the first verdict."""

    day: date
    by_verdict: dict[Verdict, int]

    @property
    def total(self) -> int:
        return sum(self.by_verdict.values())


@dataclass(frozen=True, slots=True)
class BusyCampaign:
    """A campaign that much came in of; `shape` is how its first one here looked."""

    id: str
    shape: str
    number: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """`ages` counts what is held by AGES, `oldest` is since when the oldest waits.

    `sources` are hosts that people called spam lately, most often first. Decisions are counted up
    to `counted_until`, None where nothing was counted yet.
    """

    intake: tuple[IntakeDay, ...]
    automatic: Proportion
    agreement: dict[Verdict, Proportion]
    ages: tuple[CappedCount, ...]
    oldest: datetime | None = None
    sources: tuple[tuple[str, int], ...] = ()
    campaigns: tuple[BusyCampaign, ...] = ()
    counted_until: datetime | None = None
    totals: dict[Verdict, int] = field(default_factory=dict)


def day_number(now: datetime) -> int:
    return (now.date() - FIRST_DAY).days


def intake(counts: Iterable[DecisionCount], today: int) -> tuple[IntakeDay, ...]:
    """The last DAYS days, the oldest first; a day without anything is there too."""
    found = {day: Counter[Verdict]() for day in range(today - DAYS + 1, today + 1)}
    for one in counts:
        if one.is_first and one.day in found:
            found[one.day][one.verdict] += one.number
    return tuple(
        IntakeDay(FIRST_DAY + timedelta(days=day), {v: counted[v] for v in Verdict})
        for day, counted in found.items()
    )


def automatic(counts: Iterable[DecisionCount]) -> Proportion:
    """Of what the service had the first word on, what needed nobody's."""
    first = [one for one in counts if one.is_first and not one.decided_by.is_person]
    held = sum(one.number for one in first if one.verdict is Verdict.HOLD)
    whole = sum(one.number for one in first)
    return Proportion(whole - held, whole)


def agreement(counts: Iterable[DecisionCount]) -> dict[Verdict, Proportion]:
    """Of what the service approved or refused and people decided about, how often they agreed.

    Of what it held, how often they approved: neither answer speaks against it.
    """
    by_people = [one for one in counts if one.decided_by.is_person and one.machine_said]
    rules = ((Verdict.APPROVE, (Verdict.APPROVE,)), (Verdict.SPAM, REFUSALS),
             (Verdict.DISCARD, REFUSALS), (Verdict.HOLD, (Verdict.APPROVE,)))  # fmt: skip
    found = {}
    for said, agreeing in rules:
        about = [one for one in by_people if one.machine_said is said]
        about = [one for one in about if one.verdict is not Verdict.HOLD]
        agreed = sum(one.number for one in about if one.verdict in agreeing)
        found[said] = Proportion(agreed, sum(one.number for one in about))
    return found
