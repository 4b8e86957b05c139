"""Tells what the service did and how it stands, in Prometheus' text format.

Each process adds up what it does (run/counting.py) and every INTERVAL_SECONDS (run/heartbeat.py)
adds that to rows which all processes share. So one question to any of them tells of all of them on
all hosts, and nothing falls back to zero when a process ends; one that is killed loses what it did
since then. What the database knows by itself is looked up when somebody asks.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderator.domain.decisions.metrics import COUNTED, SUM, Count, Metric
from moderator.domain.errors import StorageUnavailableError
from moderator.domain.pages.health import Level
from moderator.usecases.run.counting import CountAdder, Counters

FRESH = 1.0  # seconds that levels may be old: who asks often asks the database no oftener


class MetricStore(CountAdder, Protocol):
    def counts(self) -> list[Count]: ...

    def levels(self) -> list[Level]:
        """What the database knows by itself: depths, ages, processes."""
        ...


@dataclass(slots=True)
class KeptLevels:
    """What was looked up a moment ago need not be looked up again."""

    _at: float = float("-inf")
    _levels: list[Level] = field(default_factory=list)

    def of(self, store: MetricStore) -> list[Level]:
        if time.monotonic() - self._at > FRESH:
            self._levels = store.levels()
            self._at = time.monotonic()
        return self._levels


@dataclass(frozen=True, slots=True)
class ReadMetrics:
    """`__call__` returns all there is; `keep` hands on what this process did."""

    counters: Counters
    store: MetricStore
    version: str
    _kept: KeptLevels = field(default_factory=KeptLevels)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> str:
        """While the database does not answer it says only that."""
        with self._lock:
            try:
                self.keep()
                found = [*_told(self.store.counts()), *_shown(self._kept.of(self.store))]
            except StorageUnavailableError:
                found = []
        up = Level("moderator_database_up", "Whether the database answers", float(bool(found)))
        build = Level(
            "moderator_build_info", "The version that answers", 1.0, (("version", self.version),)
        )
        return "".join(f"{line}\n" for line in (*_shown([up, build]), *found))

    def keep(self) -> None:
        """Raises StorageUnavailableError."""
        self.counters.keep(self.store)


def _told(counts: Sequence[Count]) -> Iterator[str]:
    """Each metric, also one of which nothing was counted yet; what an older version counted is not
    told.
    """
    for metric in COUNTED:
        own = [count for count in counts if count.name == metric.name]
        kind = "histogram" if metric.bounds else "counter"
        yield from (f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {kind}")
        if metric.bounds:
            yield from _histogram(metric, {count.bound: count.number for count in own})
            continue
        if not own and not metric.labels:
            yield f"{metric.name} 0"
        for count in own:
            pairs = tuple(zip(metric.labels, count.labels, strict=False))
            yield f"{metric.name}{_labels(pairs)} {_number(count.number)}"


def _histogram(metric: Metric, numbers: dict[str, float]) -> Iterator[str]:
    total = 0.0
    for bound in metric.bounds:
        total += numbers.get(str(bound), 0)
        yield f'{metric.name}_bucket{{le="{bound}"}} {_number(total)}'
    total += numbers.get("inf", 0)
    yield f'{metric.name}_bucket{{le="+Inf"}} {_number(total)}'
    yield f"{metric.name}_sum {numbers.get(SUM, 0.0):.3f}"
    yield f"{metric.name}_count {_number(total)}"


def _shown(levels: Sequence[Level]) -> Iterator[str]:
    told = ""
    for level in levels:
        if level.name != told:
            yield from (f"# HELP {level.name} {level.help}", f"# TYPE {level.name} gauge")
            told = level.name
        yield f"{level.name}{_labels(level.labels)} {_number(level.value)}"


def _labels(pairs: Sequence[tuple[str, str]]) -> str:
    told = [f'{name}="{_escaped(value)}"' for name, value in pairs]
    return f"{{{','.join(told)}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"
