"""`make bench-sync`: how long who waits for a verdict waits, at half of the single-POST peak of the
same run, and with Redis gone.

Real processes on loopback on SQLite: web, worker, sweeper, Redis. Goals: p99 <= 100 ms at half of
the peak at both endpoints; <= 1 s always. About a minute; SYNC_SECONDS=10 makes each part longer.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comments import SITE
from benchmarks.course import at
from benchmarks.load import Plan, Result
from benchmarks.programs import Load, wait_until
from benchmarks.report import surroundings
from benchmarks.service import Place, Service, command, environment
from benchmarks.tree import this
from moderator.storage.base.database import Database
from moderator.storage.queue import Queue

RESULTS = Path(__file__).parent / "results" / "sync.md"
SECONDS = float(os.environ.get("SYNC_SECONDS", "5"))
CALM = 10.0  # requests per second of a quiet service
JUDGED = 120.0  # seconds that a backlog may take
GOAL, ALWAYS = 100.0, 1_000.0  # milliseconds
HEAD = "| at | requests/s | answered | p50 | p99 | longest | within 1 s |"


@dataclass(frozen=True, slots=True)
class Endpoint:
    name: str
    path: str
    is_form: bool


ENDPOINTS = (
    Endpoint("`POST /v1/check`", "/v1/check?wait_ms=800", is_form=False),
    Endpoint("`POST /1.1/comment-check`", "/1.1/comment-check", is_form=True),
)


@dataclass(frozen=True, slots=True)
class Row:
    endpoint: str
    rate: float
    sent: int
    times: Sequence[float]  # milliseconds, sorted

    @property
    def p99(self) -> float:
        return at(self.times, 0.99)

    def __str__(self) -> str:
        p50, p99, most = (f"{ms:.1f} ms" for ms in (at(self.times, 0.5), self.p99, self.times[-1]))
        soon = sum(ms <= ALWAYS for ms in self.times)
        share = f"{len(self.times)} of {self.sent}"
        return f"| {self.endpoint} | {self.rate:.0f} | {share} | {p50} | {p99} | {most} | {soon} |"


class Stand:
    """The service, with the keys of its site; every number of comments is sent once only."""

    def __init__(self, service: Service, queue: Queue, keys: tuple[str, str]) -> None:
        self.service = service
        self._queue = queue
        self._keys = keys
        self._next = 1

    def send(self, seconds: float, rate: float, path: str, *, is_form: bool) -> Result:
        """Closed where `rate` is 0: as fast as 32 connections can."""
        plan = Plan(
            port=self.service.port,
            key=self._keys[is_form],
            first=self._next,
            seconds=seconds,
            path=path,
            rate=rate,
            connections=256 if rate else 32,
            is_form=is_form,
            fastest=4_000,
        )
        self._next += int(seconds * (rate or plan.fastest)) + 1
        with Load(plan) as load:
            load.begin()
            return load.end()

    def peak(self, seconds: float) -> float:
        """Single posts a second that are decided as well, from the first to the last of a flood."""
        result = self.send(seconds, 0.0, "/v1/submissions", is_form=False)
        self.settle()
        return sum(map(bool, result.answered)) / (time.time() - min(result.sent))

    def settle(self) -> None:
        if not wait_until(lambda: not self._waiting(), JUDGED):
            raise TimeoutError("The backlog is not judged")

    def _waiting(self) -> int:
        return len(self._queue.oldest_due())

    def row(self, endpoint: Endpoint, rate: float, name: str) -> Row:
        result = self.send(SECONDS, rate, endpoint.path, is_form=endpoint.is_form)
        pairs = zip(result.sent, result.answered, strict=True)
        times = sorted((came - went) * 1000 for went, came in pairs if came)
        self.settle()
        return Row(f"{endpoint.name}, {name}", rate, len(result.sent), times)


def measure(stand: Stand) -> list[Row]:
    for endpoint in ENDPOINTS:  # the first of everything is slow
        stand.send(1.0, CALM, endpoint.path, is_form=endpoint.is_form)
    stand.peak(1.0)
    peak = stand.peak(SECONDS)
    print(f"Peak of single posts: {peak:.0f}/s decided\n\n{HEAD}\n|{'---|' * 7}", flush=True)
    rows = []
    for name, rate in (("quiet", CALM), ("half of the peak", peak / 2)):
        for endpoint in ENDPOINTS:
            rows.append(stand.row(endpoint, rate, name))
            print(rows[-1], flush=True)
    stand.service.redis.stop()
    for endpoint in ENDPOINTS:
        rows.append(stand.row(endpoint, CALM, "Redis gone"))
        print(rows[-1], flush=True)
    return rows


def main() -> int:
    tree = this()
    with tempfile.TemporaryDirectory(prefix="bench-sync-") as name:
        folder = Path(name)
        place = Place(f"sqlite:///{folder / 'bench.db'}")
        given = environment(place, folder)
        command(tree, ["db", "upgrade"], given)
        shown = command(tree, ["site", "add", SITE, "--url", "https://bench.example.org/"], given)
        key = shown.partition("API key: ")[2].split()[0]
        client_key = command(tree, ["site", "akismet-key", SITE], given).split()[2]
        database = Database(place.url)
        with Service(tree, folder, place) as service:
            service.start("web", "worker", "beat")
            rows = measure(Stand(service, Queue(database), (key, client_key)))
        database.close()
        about = "\n".join(f"- {what}: {said}" for what, said in surroundings(folder).items())
    table = "\n".join(map(str, rows))
    RESULTS.write_text(
        f"# Answers that are waited for\n\n{HEAD}\n|{'---|' * 7}\n{table}\n\n{about}\n"
    )
    half = [row for row in rows if "half" in row.endpoint]
    is_always = all(row.sent == len(row.times) and row.times[-1] <= ALWAYS for row in rows)
    return 0 if is_always and all(row.p99 <= GOAL for row in half) else 1


if __name__ == "__main__":
    sys.exit(main())
