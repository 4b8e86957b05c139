"""Times of a run: percentiles of the intake, and how soon the service worked again."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integrations.chaos.ledger import Accepted, Received, Try

REACHING = frozenset({"web", "database"})  # what an answer of the intake itself needs
AFTER = 2.0  # seconds after a fault in which requests still feel it


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault: what it touched, from when to when, and whose callbacks show that it is over."""

    kind: str
    what: str
    touches: frozenset[str]
    began: float
    ended: float
    site: str


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value that `share` of all do not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def p99_ms(tries: Iterable[Try]) -> float | None:
    """Of the tries that were answered 2xx."""
    found = percentile((one.seconds for one in tries if one.status // 100 == 2), 0.99)
    return None if found is None else round(found * 1000, 1)


def during(tries: Iterable[Try], faults: Sequence[Happened], touched: str) -> list[Try]:
    """The tries that began during faults of one thing, while nothing else was touched that an
    answer needs.
    """
    inside = [(one.began, one.ended) for one in faults if touched in one.touches]
    others = [
        (one.began, one.ended + AFTER)
        for one in faults
        if touched not in one.touches and one.touches & REACHING
    ]
    return [one for one in tries if _within(one, inside) and not _within(one, others)]


def _within(one: Try, spans: Iterable[tuple[float, float]]) -> bool:
    return any(began <= one.began <= ended for began, ended in spans)


def recoveries(
    faults: Sequence[Happened], accepted: Iterable[Accepted], received: Iterable[Received]
) -> list[float]:
    """For each fault the seconds from its end until something that was sent after it was told.

    Infinity where nothing was. Comments are sent all the time, so the first of them shows it.
    """
    told: dict[str, float] = {}
    for one in received:
        if one.acknowledged_at is not None:
            id_ = one.id.removeprefix("msg_").rpartition("-")[0]
            told[id_] = min(told.get(id_, math.inf), one.acknowledged_at)
    by_site: dict[str, list[tuple[float, float]]] = {}
    for sent in accepted:
        at = told.get(sent.id, math.inf)
        by_site.setdefault(sent.site, []).append((sent.began, at))
    earliest = {site: _earliest(sorted(pairs)) for site, pairs in by_site.items()}
    return [_after(fault, *earliest.get(fault.site, ([], []))) for fault in faults]


def _earliest(pairs: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Begins in order, and for each the earliest telling of what began then or later."""
    begins, least = [began for began, _ in pairs], [at for _, at in pairs]
    for place in range(len(least) - 2, -1, -1):
        least[place] = min(least[place], least[place + 1])
    return begins, least


def _after(fault: Happened, begins: Sequence[float], least: Sequence[float]) -> float:
    place = bisect_left(begins, fault.ended)
    return least[place] - fault.ended if place < len(least) else math.inf
