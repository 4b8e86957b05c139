"""What a run is told by its environment: STORE, SEED, DURATION, FAULTS, PACE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STORES = ("sqlite", "postgresql")
PACES = ("crowded", "apart")
ONLY = {"postgres": "postgresql"}  # kinds that one store alone knows
LEAST_FAULTS = 5  # seconds of faults without which a run says nothing
SETTLING = 15  # seconds of the drain beyond what the slowest kind leaves behind
OLD = "0182809"  # what had landed seven migrations ago (docs/reliability.md)


class UsageError(Exception):
    """What was asked for cannot be run; the words say why, in one line."""


@dataclass(frozen=True, slots=True)
class Options:
    """`duration` is the whole run in seconds, without start-up; its end is left for the drain.

    `is_apart`: each fault alone, and the next when the service has worked again.
    """

    store: str
    seed: int
    duration: int
    faults: tuple[str, ...]
    drain: int
    old: str = OLD
    is_apart: bool = False

    @property
    def seconds_of_faults(self) -> int:
        return self.duration - self.drain


def read(environment: Mapping[str, str], needs: Mapping[str, int]) -> Options:
    """`needs` are all kinds, with the seconds that each may leave work lying. Raises UsageError."""
    store = environment.get("STORE") or "sqlite"
    if store not in STORES:
        raise UsageError(f"STORE={store}: there are {' and '.join(STORES)}")
    pace = environment.get("PACE") or "crowded"
    if pace not in PACES:
        raise UsageError(f"PACE={pace}: there are {' and '.join(PACES)}")
    seed, duration = (
        _whole(environment, name, at) for name, at in (("SEED", 1), ("DURATION", 180))
    )
    known = tuple(kind for kind in needs if ONLY.get(kind, store) == store)
    faults = _kinds(environment.get("FAULTS") or "all", known)
    drain = max(needs[kind] for kind in faults) + SETTLING
    if duration < drain + LEAST_FAULTS:
        least = drain + LEAST_FAULTS
        raise UsageError(f"DURATION={duration}: these kinds of faults need at least {least}")
    old = environment.get("OLD") or OLD
    return Options(store, seed, duration, faults, drain, old, pace == "apart")


def _whole(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    given = environment.get(name) or str(otherwise)
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise UsageError(f"{name}={given}: a whole number is needed")
    return int(given)


def _kinds(given: str, known: Sequence[str]) -> tuple[str, ...]:
    if given == "all":
        return tuple(known)
    asked = [kind.strip() for kind in given.split(",")]
    if strange := [kind for kind in asked if kind not in known]:
        raise UsageError(f"FAULTS={','.join(strange)}: the kinds here are {', '.join(known)}")
    return tuple(kind for kind in known if kind in asked)
