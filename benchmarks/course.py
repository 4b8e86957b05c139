"""What is measured, line by line, and how one measurement goes: the same for every commit.

A flood sends a fixed number of comments over 32 connections and lasts until the blog has heard of
all of them (or, `to_decision`, until none is queued: judging without delivering). A calm course
sends ten a second and asks how long each took until its callback.
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.comments import Room
from benchmarks.load import BULK, Plan, Result
from benchmarks.proc import machine_seconds
from benchmarks.programs import Load, Sink, wait_until
from benchmarks.rows import Rows
from benchmarks.service import SERVERS, WHOLE, Service
from benchmarks.shelf import Shelf
from benchmarks.tree import Tree

CONNECTIONS = 32
PACE = 1_500  # comments per second of BENCH_SECONDS that a flood has
STORED_PACE = 400  # the same where much is stored
CALM = 10.0  # per second
PATIENCE = 120.0  # seconds for a backlog; what was not heard of by then is lost
WARM_UP = 300  # comments before those that count


@dataclass(frozen=True, slots=True)
class Course:
    """One line. `room` is what ROOMS names."""

    name: str
    room: str
    stored: int = 0
    rate: float = 0.0  # per second; 0 is a flood
    is_bulk: bool = False
    to_decision: bool = False

    def count(self, seconds: float) -> int:
        """How many comments are sent."""
        if self.rate:
            return max(10, int(2 * seconds * self.rate))
        pace = STORED_PACE if self.stored else PACE
        return max(2, int(pace * seconds) // BULK) * BULK

    def plan(self, service: Service, sink: Sink, first: int, count: int) -> Plan:
        room = self.room if self.room in {Room.WAVE, Room.LINKS} else Room.PLAIN
        plan: dict[str, object] = {"connections": CONNECTIONS, "count": count}
        if self.is_bulk:
            plan = {"connections": 8, "count": count // BULK, "is_bulk": True,
                    "path": "/v1/submissions/bulk"}  # fmt: skip
        elif self.rate:
            plan = {"connections": 64, "rate": self.rate, "count": count}
        return Plan(
            port=service.port, key=service.place.key, first=first,
            seconds=count / self.rate if self.rate else PATIENCE,
            room=str(room), pages=sink.port, **plan,  # type: ignore[arg-type]  # each by its name
        )  # fmt: skip


COURSES = (
    Course("plain", "plain"),
    Course("wave", "wave"),
    Course("links", "links"),
    Course("bulk of 50", "bulk", is_bulk=True),
    Course("10/s, 10^3 stored", "stored", stored=1_000, rate=CALM),
    Course("10/s, 10^5 stored", "stored", stored=100_000, rate=CALM),
    Course("10^4 stored", "stored", stored=10_000),
    Course("10^6 stored", "stored", stored=1_000_000),
    Course("to the decision", "decision", to_decision=True),
)
ROOMS = tuple(dict.fromkeys(course.room for course in COURSES))


@dataclass(frozen=True, slots=True)
class Taken:
    """One measurement. CPU in seconds by process, latencies in milliseconds and sorted."""

    sent: int
    done: int
    seconds: float
    cpu: Mapping[str, float]
    latencies: Sequence[float] = field(default_factory=tuple)
    generator: float = 0.0
    others: float = 0.0  # share of all cores that programs took which are not measured
    statuses: Mapping[str, int] = field(default_factory=dict)

    @property
    def micros(self) -> float:
        """CPU of all processes per submission."""
        return sum(self.cpu.values()) / max(1, self.done) * 1e6

    @property
    def rate(self) -> float:
        """Submissions per second."""
        return self.done / self.seconds

    @property
    def p50(self) -> float:
        return at(self.latencies, 0.5)

    @property
    def p99(self) -> float:
        return at(self.latencies, 0.99)

    @property
    def lost(self) -> int:
        return self.sent - self.done


def at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def take(
    course: Course, tree: Tree, kind: str, shelf: Shelf, *, seconds: float, first: int
) -> Taken:
    """Start the service anew on a database as it should be, warm it up, measure, and stop it."""
    with (
        shelf.lend(tree, kind, course.stored) as place,
        tempfile.TemporaryDirectory(prefix="run-", dir=shelf.folder) as folder,
        Service(tree, Path(folder), place) as service,
    ):
        service.start(*(("web", "checker") if course.to_decision else WHOLE))
        _Run(replace(course, rate=0.0), service, shelf.sink)(first, WARM_UP)
        service.settle()
        return _Run(course, service, shelf.sink)(first + WARM_UP, course.count(seconds))


@dataclass(frozen=True, slots=True)
class _Run:
    course: Course
    service: Service
    sink: Sink

    def __call__(self, first: int, count: int) -> Taken:
        self.sink.forget()
        names = (*self.service.processes, *SERVERS)
        with Load(self.course.plan(self.service, self.sink, first, count)) as load:
            before, machine, ours = self.service.costs(names), machine_seconds(), self._ours()
            start = time.time()
            load.begin()
            result = load.end()
            sent = sum(n for status, n in result.statuses.items() if status.startswith("2"))
            sent *= BULK if self.course.is_bulk else 1
            over, done = self._decided(sent) if self.course.to_decision else self._heard(sent)
        after, seconds = self.service.costs(names), time.time() - start
        cpu = {name: after[name] - before[name] for name in names}
        known = sum(cpu.values()) + result.cpu + self._ours() - ours
        cores = os.cpu_count() or 1
        others = max(0.0, machine_seconds() - machine - known) / cores / seconds
        return Taken(
            count, done, over - start, cpu, self._latencies(result, first),
            result.cpu, others, result.statuses,
        )  # fmt: skip

    def _heard(self, count: int) -> tuple[float, int]:
        """When the last callback came, and of how many comments the blog heard."""
        wait_until(lambda: self.sink.heard().count >= count, PATIENCE, pause=0.02)
        heard = self.sink.heard()
        return heard.last or time.time(), heard.count

    def _decided(self, count: int) -> tuple[float, int]:
        with Rows(self.service.place.url) as rows:
            wait_until(lambda: rows.waiting() == 0, PATIENCE, pause=0.02)
            return time.time(), count - rows.waiting()

    def _latencies(self, result: Result, first: int) -> tuple[float, ...]:
        """Of a calm course: from each POST to its callback."""
        if not self.course.rate:
            return ()
        times = self.sink.times()
        taken = (
            (times[str(first + index)] - sent) * 1e3
            for index, sent in enumerate(result.sent)
            if str(first + index) in times
        )
        return tuple(sorted(taken))

    def _ours(self) -> float:
        """CPU of the sink and of this program."""
        return self.sink.cpu() + time.process_time()


def interleaved(
    courses: Sequence[Course], trees: Sequence[Tree], rounds: int, measure: Callable[..., Taken]
) -> dict[tuple[str, str], list[Taken]]:
    """A B A B …: every course of every round with one tree after the other; by course and tree."""
    taken: dict[tuple[str, str], list[Taken]] = {}
    for round_ in range(rounds):
        for place, course in enumerate(courses):
            first = 1_000_000 * (1 + round_ * len(courses) + place)
            for tree in trees:
                found = measure(course, tree, first=first)
                taken.setdefault((course.name, tree.name), []).append(found)
    return taken
