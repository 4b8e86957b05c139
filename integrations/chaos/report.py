"""What a run says at its end: every breach in words, then one line of JSON."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrations.chaos import compare
from integrations.chaos.compare import Evidence
from integrations.chaos.figures import Happened, during, p99_ms, percentile, recoveries

SHOWN = 12  # breaches of one kind that are shown
MOST_REDIS_MS = 500.0
MOST_SLOW_MS = 1000.0
MOST_RECOVERY = 15.0  # seconds
COUNTS = (
    ("lost", compare.lost),
    ("undecided", compare.undecided),
    ("double_decided", compare.double_decided),
    ("callbacks_missing", compare.callbacks_missing),
    ("callbacks_conflicting", compare.callbacks_conflicting),
    ("stale_after_new", compare.stale_after_new),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run was, beside what it left behind."""

    store: str
    seed: int
    happened: Sequence[Happened]
    drain_seconds: float
    unended: Sequence[str]  # faults that could not be ended
    began: float = 0.0  # by the harness' clock


@dataclass(frozen=True, slots=True)
class Report:
    line: Mapping[str, object]
    breaches: Mapping[str, Sequence[str]]

    @property
    def is_kept(self) -> bool:
        """Whether all that was promised held."""
        return not any(self.breaches.values())

    def show(self) -> None:
        for name, found in self.breaches.items():
            for words in found[:SHOWN]:
                print(f"BROKEN {name}: {words}")
            if len(found) > SHOWN:
                print(f"BROKEN {name}: {len(found) - SHOWN} more")
        print(json.dumps(self.line), flush=True)


def report(ran: Ran, it: Evidence) -> Report:
    counted = {name: count(it) for name, count in COUNTS}
    parked, badly = compare.poison(it)
    tries = it.ledger.tries
    redis_ms = p99_ms(during(tries, ran.happened, "redis"))
    slow_ms = p99_ms(during(tries, ran.happened, "slow"))
    recovered = recoveries(ran.happened, it.ledger.accepted, it.received)
    line = {
        "faults": len(ran.happened),
        "accepted": len({one.key for one in it.ledger.accepted}),
        **{name: len(found) for name, found in counted.items()},
        "poison_parked": parked,
        "p99_ms": p99_ms(tries),
        "drain_s": round(ran.drain_seconds, 1),
        "store": ran.store,
        "seed": ran.seed,
        "poison_sent": len(it.ledger.poison),
        "presses": len(it.ledger.presses),  # of moderators, that were taken
        "redis_p99_ms": redis_ms,
        "slow_p99_ms": slow_ms,
        "recovery_s": _finite(max(recovered, default=0.0)),
        "recovery_p50_s": _finite(percentile(recovered, 0.5) or 0.0),
        "recovery_by_kind": _by_kind(ran, recovered),
        "kinds": dict(Counter(one.kind for one in ran.happened)),
    }
    breaches: dict[str, Sequence[str]] = {
        **counted,
        "poison": badly,
        "answers": it.ledger.wrong,
        "faults": ran.unended,
        "recovery_s": _slow(ran, recovered),
        "redis_p99_ms": _over(redis_ms, MOST_REDIS_MS),
        "slow_p99_ms": _over(slow_ms, MOST_SLOW_MS),
    }
    return Report(line, breaches)


def _by_kind(ran: Ran, recovered: Sequence[float]) -> dict[str, float | None]:
    """The longest of each kind."""
    longest: dict[str, float] = {}
    for fault, seconds in zip(ran.happened, recovered, strict=True):
        longest[fault.kind] = max(seconds, longest.get(fault.kind, 0.0))
    return {kind: _finite(seconds) for kind, seconds in sorted(longest.items())}


def _finite(seconds: float) -> float | None:
    return round(seconds, 2) if math.isfinite(seconds) else None


def _over(found: float | None, most: float) -> list[str]:
    return [f"{found} > {most}"] if found is not None and found > most else []


def _slow(ran: Ran, recovered: Sequence[float]) -> list[str]:
    return [
        f"{fault.what} until {fault.ended - ran.began:.1f} s: nothing was told for {seconds:.1f} s"
        for fault, seconds in zip(ran.happened, recovered, strict=True)
        if seconds > MOST_RECOVERY
    ]
