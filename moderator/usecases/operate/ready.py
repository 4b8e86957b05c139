"""Whether this service can do its work now: asked by load balancers and people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

SILENT_AFTER = timedelta(minutes=2)
WORKING_KINDS = ("worker", "sweeper")  # the kinds of processes that judge and send


class HeartbeatReader(Protocol):
    def seen_at(self) -> Mapping[str, datetime]:
        """Return when each kind of process last gave a sign, of those seen in the last day.

        Asks the database, so it raises StorageUnavailableError when that does not answer.
        """
        ...


class Probe(Protocol):
    def check(self) -> None:
        """Ask the database for a write, not for an answer alone.

        Raises StorageUnavailableError, which says what is wrong: locked, full, another schema.
        """
        ...


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody judges and sends, and the kinds of processes that fell silent."""

    is_working: bool
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckReadiness:
    pulse: HeartbeatReader
    probe: Probe

    def __call__(self, now: datetime) -> Readiness:
        """Raise StorageUnavailableError when the database does not take what comes in."""
        self.probe.check()
        seen = self.pulse.seen_at()
        return Readiness(is_any_alive(seen, now), silent(seen, now))


def is_any_alive(
    seen: Mapping[str, datetime], now: datetime, kinds: Iterable[str] = WORKING_KINDS
) -> bool:
    return any(kind in seen and now - seen[kind] <= SILENT_AFTER for kind in kinds)


def silent(seen: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The kinds that gave no sign for SILENT_AFTER, though they did before."""
    return tuple(sorted(kind for kind, at in seen.items() if now - at > SILENT_AFTER))
