"""What is measured on one database, in this order: idle set, latency at 10/s, peak against echo,
bulk, latency at half of the peak, callbacks. Every number of comments is sent once only.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.load import BULK, Plan, Result
from benchmarks.programs import Load
from benchmarks.rows import Rows, Watch
from benchmarks.service import THREADS, Service
from benchmarks.tree import ROOT
from tests.redis_server import free_port

CALM = 10.0  # submissions per second at which the latency of a quiet service is measured
CONNECTIONS = 32
DECIDING = ("web", "checker", "redis", "postgres")
PATIENCE = 120.0  # seconds for a backlog to be judged


@dataclass(frozen=True, slots=True)
class Window:
    """One flood: answered requests, and what they came to when the last was decided."""

    answered: int
    decided: int
    seconds: float
    cpu: dict[str, float]  # seconds, by process
    generator: float

    @property
    def per_second(self) -> float:
        return self.decided / self.seconds

    def micros(self, name: str | None = None) -> float:
        """CPU per submission: of one process, or of all."""
        spent = self.cpu[name] if name else sum(self.cpu.values())
        return spent / max(1, self.decided) * 1e6


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds, sorted."""

    rate: float
    answered: list[float]
    decided: list[float]
    lost: int

    @staticmethod
    def at(values: Sequence[float], share: float) -> float:
        return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


@dataclass(slots=True)
class Measured:
    name: str
    echo: list[Window] = field(default_factory=list)
    single: list[Window] = field(default_factory=list)
    bulk: list[Window] = field(default_factory=list)
    callbacks: list[Window] = field(default_factory=list)
    calm: Latency | None = None
    half: Latency | None = None
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    idle_cpu: dict[str, float] = field(default_factory=dict)  # share of one core
    statuses: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)

    def peak(self) -> float:
        return statistics.median(window.per_second for window in self.single)

    def ratio(self) -> float:
        return statistics.median(
            ours.per_second / bare.per_second
            for ours, bare in zip(self.single, self.echo, strict=True)
        )


class Stage:
    def __init__(self, service: Service, rows: Rows, measured: Measured, seconds: float) -> None:
        self.service = service
        self.rows = rows
        self.measured = measured
        self.seconds = seconds
        self._next = 1
        self._echo_port = free_port()

    def run(self, rounds: int) -> Measured:
        echo = ("benchmarks.echo", str(self._echo_port), THREADS)
        self.service.run("echo", self.service.tree.module(*echo), cwd=ROOT)
        self.service.start("web", "worker", "beat")
        self._flood(1.0, connections=4)  # the first of everything is slow
        self._idle()
        self.measured.calm = self._latency(CALM, self.seconds * 2)
        self.service.stop("worker", "beat")
        self.service.start("checker")
        self._flood(1.0)
        for _ in range(rounds):
            self.measured.echo.append(self._echo(self.seconds / 2))
            self.measured.single.append(self._flood(self.seconds))
        self.measured.bulk.append(self._flood(self.seconds / 2, is_bulk=True))
        self.measured.half = self._latency(self.measured.peak() / 2, self.seconds)
        self.service.stop("checker")
        self.measured.callbacks.append(self._callbacks(self.seconds))
        self.measured.verdicts = self.rows.verdicts()
        return self.measured

    def _plan(self, seconds: float, **more: object) -> Plan:
        plan = Plan(
            port=self.service.port, key=self.service.place.key, first=self._next,
            seconds=seconds, **more,  # type: ignore[arg-type]  # each by its name
        )  # fmt: skip
        self._next += int(seconds * (plan.rate or plan.fastest) + 1) * (BULK if plan.is_bulk else 1)
        return plan

    def _flood(
        self, seconds: float, *, connections: int = CONNECTIONS, is_bulk: bool = False
    ) -> Window:
        if is_bulk:
            plan = self._plan(seconds, connections=8, is_bulk=True, fastest=250,
                              path="/v1/submissions/bulk")  # fmt: skip
        else:
            plan = self._plan(seconds, connections=connections)
        before = self.rows.count("decisions")
        return self._window(
            plan, DECIDING, lambda: self.rows.wait_until_decided(PATIENCE),
            lambda _: self.rows.count("decisions") - before,
        )  # fmt: skip

    def _echo(self, seconds: float) -> Window:
        plan = Plan(port=self._echo_port, key="none", first=1, seconds=seconds,
                    connections=CONNECTIONS, fastest=15_000)  # fmt: skip
        return self._window(plan, ("echo",), time.time, _answered)

    def _window(
        self, plan: Plan, names: Sequence[str], settled: Callable[[], float],
        done: Callable[[Result], int],
    ) -> Window:  # fmt: skip
        with Load(plan) as load:
            costs = self.service.costs(names)
            start = time.time()
            load.begin()
            result = load.end()
        seconds = settled() - start if names == DECIDING else max(result.answered) - start
        spent = self.service.costs(names)
        if plan.port == self.service.port:
            for status, count in result.statuses.items():
                self.measured.statuses[status] = self.measured.statuses.get(status, 0) + count
        cpu = {name: spent[name] - costs[name] for name in names}
        return Window(_answered(result), done(result), seconds, cpu, result.cpu)

    def _latency(self, rate: float, seconds: float) -> Latency:
        plan = self._plan(seconds, rate=rate, connections=64)
        watch = Watch(self.service.place.url, plan.first, int(seconds * rate), rate)
        with Load(plan) as load:
            watch.start()
            load.begin()
            result = load.end()
        watch.join(30)
        watch.over.set()
        taken = [
            (sent, answered, watch.seen.get(plan.first + index, 0.0))
            for index, (sent, answered) in enumerate(zip(result.sent, result.answered, strict=True))
        ]
        return Latency(
            rate,
            sorted((answered - sent) * 1e3 for sent, answered, _ in taken if answered),
            sorted((seen - sent) * 1e3 for sent, _, seen in taken if seen),
            sum(1 for _, answered, seen in taken if not (answered and seen)),
        )

    def _callbacks(self, seconds: float) -> Window:
        """How fast a backlog of callbacks leaves to one blog."""
        names = ("courier", "redis", "postgres")
        self.service.start("courier")
        self.service.start("beat")
        before = self.rows.count("delivered")
        for _ in range(200):
            if self.rows.count("delivered") > before:
                break
            time.sleep(0.05)
        costs, start = self.service.costs(names), time.time()
        before = self.rows.count("delivered")
        all_ = self.rows.count("callbacks")
        while time.time() - start < seconds and self.rows.count("delivered") < all_:
            time.sleep(0.1)
        sent, lasted = self.rows.count("delivered") - before, time.time() - start
        spent = self.service.costs(names)
        return Window(sent, sent, lasted, {n: spent[n] - costs[n] for n in names}, 0.0)

    def _idle(self) -> None:
        """Memory and idle CPU of the whole set, once it has worked."""
        names = ("web", "worker", "beat", "redis", "postgres")
        time.sleep(2)  # callbacks of the warm-up leave
        costs = self.service.costs(names)
        time.sleep(3)
        spent = self.service.costs(names)
        self.measured.idle_cpu = {name: (spent[name] - costs[name]) / 3 for name in names}
        self.measured.memory = self.service.memory(names)


def _answered(result: Result) -> int:
    return sum(1 for answered in result.answered if answered)
