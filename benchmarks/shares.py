"""What a submission with its callback costs, as a multiple of a plain one: for busy machines.

`python -m benchmarks.shares` sends comments in turn to a site that is told of its verdicts, to one
that is told of nothing, and to a bare echo on the same server, PART at a time, and prints medians
over ROUNDS: the CPU of each part for what is told by that for what is plain, and of both by that of
an echo. What else the machine does slows all three alike.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import text

from benchmarks.footprint import CLIENTS, cpu, enrol
from benchmarks.proc import cpu_seconds
from moderator.domain.site import Site
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.operate.sites import ManageSites
from tests.builders import NOON
from tests.databases import postgres_server
from tests.faults.test_kill import Sender
from tests.processes import ROOT, FakeBlog, Service
from tests.redis_server import free_port

PART, ROUNDS = 200, 10
PARTS = ("web", "worker", "postgres", "redis")  # a sweeper is a worker here
WAITING = text("SELECT count(*) FROM queue WHERE job IN ('check', 'reach', 'deliver')")
Cost = dict[str, float]  # CPU seconds by part


@dataclass(frozen=True)
class Bench:
    service: Service
    url: str
    database: Database
    echo: int  # its process

    def so_far(self) -> Cost:
        found = cpu(self.service, self.url)
        found["worker"] += found.pop("sweeper")
        return found | {"echo": cpu_seconds([self.echo])}

    def spent(self, sender: Sender, numbers: Iterator[int]) -> Cost:
        """For PART of them, until nothing waits any more."""
        before = self.so_far()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(sender.send, [next(numbers) for _ in range(PART)]))
        while self._waiting():
            threading.Event().wait(0.1)
        return {part: spent - before[part] for part, spent in self.so_far().items()}

    def _waiting(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(WAITING).scalar_one())


@contextmanager
def echoing() -> Iterator[tuple[str, int]]:
    """The address of a bare echo, and its process."""
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.echo", str(port), "4"]
    process = subprocess.Popen(words, cwd=ROOT)  # noqa: S603  # our own program
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


class Echoed(Sender):
    """Sends the same to who answers with it, and reads nothing of that."""

    def taken(self, body: bytes) -> str:
        return ""


def plain_site(database: Database) -> str:
    """The key of a site that is told of nothing."""
    url = "https://plain.example.org/"
    site = Site(id="plain", name="Plain", url=url, hosts=frozenset({"plain.example.org"}))
    return ManageSites(SiteRows(database), lambda size: b"p" * size).add(site, NOON).api_key


def table(rounds: Sequence[tuple[Cost, Cost, float]]) -> str:
    """Of each round: what is told, what is plain, an echo."""
    lines = ["| | told / plain | told / echo | plain / echo |", "|---|---:|---:|---:|"]
    for name, parts in [*((part, (part,)) for part in PARTS), ("all", PARTS)]:
        told, plain, echo = zip(
            *((sum(t[p] for p in parts), sum(q[p] for p in parts), e) for t, q, e in rounds),
            strict=True,
        )
        shares = (zip(told, plain, strict=True), zip(told, echo, strict=True))
        columns = [*shares, zip(plain, echo, strict=True)]
        cells = [f"{median(a / b for a, b in pairs if b):.2f}" for pairs in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def measured(url: str, folder: Path) -> list[tuple[Cost, Cost, float]]:
    database, numbers = Database(url), count(1)
    upgrade(database)
    with FakeBlog() as blog, echoing() as (address, pid):
        told, plain = enrol(database, blog), plain_site(database)
        with Service(folder, url) as service:
            service.wait_until_judging()
            bench = Bench(service, url, database, pid)
            senders = (
                Sender(service.base, told), Sender(service.base, plain, site="plain"),
                Echoed(address, "none"),
            )  # fmt: skip
            for sender in senders[:2]:  # what is loaded once is no cost of each
                bench.spent(sender, numbers)
            found = []
            for _ in range(ROUNDS):
                one, other, echo = (bench.spent(sender, numbers) for sender in senders)
                found.append((one, other, echo["echo"]))
    database.close()
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, postgres_server() as url:
        print(table(measured(url, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
