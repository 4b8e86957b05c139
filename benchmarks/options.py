"""What the environment says about a run, and on which databases each room is measured."""

import os
import signal
import sys
from dataclasses import dataclass

from benchmarks.course import COURSES, ROOMS, Course
from benchmarks.proc import busy_share

KINDS = {"full": "SQLite FULL", "normal": "SQLite NORMAL", "postgres": "PostgreSQL"}
# Where a room is measured unless DATABASES names only others.
USUALLY = {"stored": ("normal", "postgres"), "decision": tuple(KINDS)}
BUSY = 0.05  # share of all cores that others may use without being mentioned


@dataclass(frozen=True, slots=True)
class Options:
    """BENCH_SECONDS, ROUNDS, ROOMS and DATABASES."""

    seconds: float = 4.0
    rounds: int = 3
    rooms: tuple[str, ...] = ROOMS
    databases: tuple[str, ...] = tuple(KINDS)

    @classmethod
    def given(cls) -> "Options":
        """Raises SystemExit, naming what is not known."""
        return cls(
            float(os.environ.get("BENCH_SECONDS") or cls().seconds),
            int(os.environ.get("ROUNDS") or cls().rounds),
            _named("ROOMS", ROOMS),
            _named("DATABASES", tuple(KINDS)),
        )

    @property
    def is_whole(self) -> bool:
        """Whether nothing was shortened."""
        usual = Options()
        return (self.rooms, self.databases) == (usual.rooms, usual.databases) and (
            self.seconds >= usual.seconds and self.rounds >= usual.rounds
        )

    def kinds(self, room: str) -> tuple[str, ...]:
        """On which databases to measure a room."""
        usual = tuple(kind for kind in USUALLY.get(room, ("normal",)) if kind in self.databases)
        return usual or self.databases

    def courses(self, kind: str) -> list[Course]:
        return [c for c in COURSES if c.room in self.rooms and kind in self.kinds(c.room)]


def _named(variable: str, known: tuple[str, ...]) -> tuple[str, ...]:
    given = tuple(filter(None, os.environ.get(variable, "").replace(" ", "").split(",")))
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SystemExit(f"{variable} has no {', '.join(unknown)}; known: {', '.join(known)}")
    return given or known


def look_around() -> float:
    """The share of the machine that others use now; says so when it is too much to measure well."""
    busy = busy_share()
    if busy > BUSY:
        say(
            f"This machine is busy: others use {busy:.0%} of it. Times will be worse than they are."
        )
    return busy


def ended_by_signals() -> None:
    """Let SIGTERM clean up as Ctrl-C does: processes are stopped, folders go."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
