"""Counts what this process does, and says a line of each decision and callback in the log."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.metrics import (
    CALLBACK_SECONDS,
    CALLBACKS,
    DECISION_SECONDS,
    DECISIONS,
    PARKED,
    REQUESTS,
    SUM,
    UNNAMED_PROXY,
    CallbackNote,
    Count,
    DecisionNote,
    Metric,
    Note,
)
from moderator.domain.errors import StorageUnavailableError
from moderator.domain.ids import accepted_ms
from moderator.usecases.ports import EventLog

Key = tuple[str, tuple[str, ...], str]  # a metric's name, its labels, a bound


class CountAdder(Protocol):
    def add(self, counts: Sequence[Count]) -> None:
        """Add to what all processes counted. Raises StorageUnavailableError."""
        ...


@dataclass(slots=True)
class Counters:
    """What this process did and no row says yet."""

    _counts: dict[Key, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, metric: Metric, *labels: str, by: float = 1) -> None:
        self._add((metric.name, labels, ""), by)

    def observe(self, metric: Metric, seconds: float) -> None:
        self._add((metric.name, (), metric.bound(seconds)), 1)
        self._add((metric.name, (), SUM), seconds)

    def keep(self, store: CountAdder) -> None:
        """Hand it all to the store. Raises StorageUnavailableError; then it is still here."""
        with self._lock:
            taken, self._counts = self._counts, {}
        if not taken:
            return
        counts = [Count(*key, number) for key, number in taken.items()]
        try:
            store.add(counts)
        except StorageUnavailableError:
            for key, number in taken.items():
                self._add(key, number)
            raise

    def _add(self, key: Key, by: float) -> None:
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + by


@dataclass(frozen=True, slots=True)
class WorkLog:
    """Hears what was committed: counts it, and says a line of each in the log."""

    counters: Counters
    log: EventLog
    clock: Callable[[], datetime]

    def __call__(self, notes: Iterable[Note]) -> None:
        now = self.clock().timestamp() * 1000
        decided: list[dict[str, object]] = []
        told: list[dict[str, object]] = []
        for note in notes:
            ms = max(0, round(now - accepted_ms(note.submission_id)))
            if isinstance(note, DecisionNote):
                decided.append(self._decision(note, ms))
            else:
                told.append(self._callback(note, ms))
        self.log.info_each("decision", decided)
        self.log.info_each("callback", told)

    def _decision(self, note: DecisionNote, ms: int) -> dict[str, object]:
        self.counters.add(DECISIONS, note.verdict, note.decided_by)
        if note.is_parked:
            self.counters.add(PARKED)
        if note.is_first_by_service:
            self.counters.observe(DECISION_SECONDS, ms / 1000)
        return {
            "submission": note.submission_id,
            "site": note.site_id,
            "verdict": note.verdict,
            "by": note.decided_by,
            "sequence": note.sequence,
            "score": round(note.score, 3),
            "ms": ms,
        }

    def _callback(self, note: CallbackNote, ms: int) -> dict[str, object]:
        self.counters.add(
            CALLBACKS, note.state, f"{note.status // 100}xx" if note.status else "none"
        )
        if note.state == "delivered":
            self.counters.observe(CALLBACK_SECONDS, ms / 1000)
        return {
            "submission": note.submission_id,
            "site": note.site_id,
            "verdict": note.verdict,
            "callback": note.callback_id,
            "state": note.state,
            "status": note.status,
            "ms": ms,
        }


@dataclass(slots=True)
class RequestLog:
    """Hears of every answer of a web process."""

    counters: Counters
    log: EventLog
    _is_told: bool = False

    def answered(self, route: str, status: int) -> None:
        self.counters.add(REQUESTS, route, str(status))

    def unnamed_proxy(self, address: str) -> None:
        """A neighbour speaks for others, and is not believed: the first one is named."""
        self.counters.add(UNNAMED_PROXY)
        if not self._is_told:
            self._is_told = True
            self.log.warning("unnamed_proxy", address=address)
