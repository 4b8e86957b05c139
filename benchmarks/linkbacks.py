"""`make bench-linkbacks`: the doors while sources hang, and a victim that ten thousand pings name.

Real processes on loopback, on SQLite and PostgreSQL; about four minutes. Goals: pingback answers
p99 <= 200 ms while 50 sources hang; at most 5 requests reach the victim in the first minute, and
the linkbacks of another site do not wait for it.
"""

import json
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import linkcheck
from benchmarks.report import surroundings
from moderator.domain.site import Site
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import upgrade
from moderator.usecases.intake.accept import rules
from moderator.usecases.operate.sites import ManageSites
from tests.databases import fresh, postgres_server
from tests.intake.calls import a_call, ping
from tests.processes import FakeBlog, Service

RESULTS = Path(__file__).parent / "results" / "linkbacks.md"
TARPITS = 50
TIMED = 500  # pings whose answers are timed while the tarpits hang
PINGS = 10_000
BYSTANDERS = (
    5  # hosts, one of them before the flood, of five pages each: what one host is asked in a minute
)
PAGES = 5  # what one host is asked in a minute
PER_SITE = 8  # sources that are fetched at once for one site
MINUTE = 60.0
BLOG = "https://blog.example.org"
NO_LIMIT = {"DOOR_REQUESTS_PER_SECOND": "0"}


class Tarpits:
    """Sources that take a connection and say nothing; each an address, so a domain, of its own."""

    def __init__(self) -> None:
        self._sockets = [socket.create_server((f"127.0.2.{n + 1}", 0)) for n in range(TARPITS)]
        self.pairs = [(host, port) for host, port in (s.getsockname() for s in self._sockets)]
        self.held: list[socket.socket] = []
        self.caught = threading.Condition()
        for server in self._sockets:
            threading.Thread(target=self._hold, args=(server,), daemon=True).start()

    def _hold(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with self.caught:
                self.held.append(connection)
                self.caught.notify_all()

    def wait_until_all_hang(self) -> int:
        with self.caught:
            self.caught.wait_for(lambda: len(self.held) >= TARPITS, timeout=MINUTE)
            return len(self.held)

    def close(self) -> None:
        for each in (*self._sockets, *self.held):
            each.close()


class Source:
    """A host whose every page links to a post of its own number; it counts requests."""

    def __init__(self, host: str) -> None:
        self.asked: list[float] = []
        source = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.asked.append(time.monotonic())
                number = self.path.strip("/")
                body = (
                    f'<title>{number}</title><p>Page {number} on <a href="{BLOG}/{number}">it</a>'
                )
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return None

        self.server = ThreadingHTTPServer((host, 0), Door)
        self.server.daemon_threads = True
        self.pair = (host, int(self.server.server_address[1]))
        self.url = f"http://{host}:{self.pair[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@dataclass(frozen=True, slots=True)
class Seen:
    database: str
    hung: int
    p50: float  # milliseconds
    p99: float
    worst: float
    reached: int  # requests to the victim within a minute
    slowest: float  # seconds from a bystander's ping to its callback, the slowest
    alone: float  # the same before the flood
    answered: int


def site(name: str, callback: FakeBlog, pairs: list[tuple[str, int]]) -> Site:
    return Site(
        id=name,
        name=name,
        url=BLOG,
        hosts=frozenset({"blog.example.org"}),
        callback_url=callback.url,
        allowed_addresses=frozenset({("127.0.0.1", callback.port)}),
        source_addresses=frozenset(pairs),
    )


def measure(name: str, url: str, folder: Path) -> Seen:
    database = Database(url)
    upgrade(database)
    fresh(database)
    tarpits, victim = Tarpits(), Source("127.0.3.1")
    bystanders = [Source(f"127.0.3.{n + 2}") for n in range(BYSTANDERS)]
    with FakeBlog() as blog, FakeBlog() as quiet, Service(folder, url, NO_LIMIT) as service:
        enrol = ManageSites(SiteRows(database), os.urandom)
        flooded = site("flooded", blog, [victim.pair])
        others = [site(f"tar{n}", blog, tarpits.pairs) for n in range(-(-TARPITS // PER_SITE))]
        now = datetime.now(UTC)
        for each in (flooded, site("quiet", quiet, [one.pair for one in bystanders]), *others):
            enrol.add(each, now)
        before, _ = ping_all(service, bystanders[:1], quiet, 0)
        claim(database, flooded, victim, now)
        began = time.monotonic()
        slowest, answered = ping_all(service, bystanders[1:], quiet, PAGES)
        threading.Event().wait(max(0.0, began + MINUTE - time.monotonic()))
        reached = sum(at < began + MINUTE for at in victim.asked)
        hung, times = hang(service, tarpits)
    tarpits.close()
    database.close()
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    p50 = statistics.median(ordered)
    return Seen(name, hung, p50, p99, ordered[-1], reached, slowest, before, answered)


def claim(database: Database, flooded: Site, victim: Source, now: datetime) -> None:
    """Queue PINGS pings that all name pages of the victim."""
    rows = IntakeRows(database)
    for start in range(0, PINGS, 500):
        rows.add(
            [
                pingback.parse(
                    ping(f"{victim.url}/{n}", f"{BLOG}/{n}"),
                    a_call(site=flooded, received_at=now, new_id=lambda n=n: f"{n:032x}"),
                )
                for n in range(start, start + 500)
            ],
            rules(SiteRows(database)),
        )


def ping_all(
    service: Service, sources: list[Source], blog: FakeBlog, known: int
) -> tuple[float, int]:
    """Ping for every page, one after the other: the slowest callback (s), and how many came.

    `known` callbacks came before.
    """
    slowest, came = 0.0, known
    door = xmlrpc.client.ServerProxy(f"{service.base}/doors/quiet/pingback")
    for number in range(len(sources) * PAGES):
        sent = time.monotonic()
        page = known + number
        door.pingback.ping(f"{sources[number // PAGES].url}/{page}", f"{BLOG}/{page}")
        came = len(blog.wait_for(page + 1, MINUTE))
        slowest = max(slowest, time.monotonic() - sent)
    return slowest, came - known


def hang(service: Service, tarpits: Tarpits) -> tuple[int, list[float]]:
    """How many sources hang, and how long the answers to other pings take meanwhile, in ms."""
    for number, (host, port) in enumerate(tarpits.pairs):
        path = f"/doors/tar{number // PER_SITE}/pingback"
        xmlrpc.client.ServerProxy(service.base + path).pingback.ping(
            f"http://{host}:{port}/", f"{BLOG}/tarpit/{number}"
        )
    hung = tarpits.wait_until_all_hang()
    times = []
    door = xmlrpc.client.ServerProxy(f"{service.base}/doors/flooded/pingback")
    for number in range(TIMED):
        began = time.perf_counter()
        door.pingback.ping(f"http://127.0.3.1:1/{number}", f"{BLOG}/timed/{number}")
        times.append((time.perf_counter() - began) * 1000)
    return hung, times


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        yield {
            "SQLite": f"sqlite:///{folder / 'linkbacks.db'}",
            "PostgreSQL": stack.enter_context(postgres_server()),
        }


def table(seen: list[Seen], around: dict[str, str]) -> str:
    lines = [
        "# Linkbacks under pressure",
        "",
        f"{around['date']}, commit {around['commit']}, {around['machine']}. `make bench-linkbacks`",
        "",
        f"| | {' | '.join(one.database for one in seen)} |",
        f"|---|{'---|' * len(seen)}",
    ]
    rows = {
        "sources that hang": [f"{one.hung}" for one in seen],
        f"answer to a pingback meanwhile, p50 / p99 / worst of {TIMED} (ms)": [
            f"{one.p50:.1f} / {one.p99:.1f} / {one.worst:.1f}" for one in seen
        ],
        f"requests to the victim that {PINGS:,} queued pings name, first minute": [
            f"{one.reached}" for one in seen
        ],
        "callbacks of another site's pings meanwhile": [f"{one.answered}" for one in seen],
        "the slowest of them, from ping to callback (s); before the flood": [
            f"{one.slowest:.2f}; {one.alone:.2f}" for one in seen
        ],
    }
    lines += [f"| {name} | {' | '.join(values)} |" for name, values in rows.items()]
    lines += ["", "CPU of the link check, best of five runs:", "", "| page | ms |", "|---|---|"]
    lines += [f"| {name} | {taken:.1f} |" for name, taken in linkcheck.measured()]
    return "\n".join(lines) + "\n"


def main() -> int:
    parent = Path("var")
    parent.mkdir(exist_ok=True)
    seen = []
    with tempfile.TemporaryDirectory(dir=parent) as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            own = Path(folder) / name
            own.mkdir()
            seen.append(measure(name, url, own.resolve()))
            print(json.dumps({field: getattr(seen[-1], field) for field in Seen.__slots__}))
        shown = table(seen, surroundings(Path(folder)))
    RESULTS.write_text(shown)
    print(shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
