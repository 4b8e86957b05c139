"""The service of any commit as its real processes on loopback, with what each of them costs."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

from benchmarks.comments import SITE
from benchmarks.proc import children, cpu_seconds, memory_mb
from benchmarks.programs import wait_until
from benchmarks.tree import ROOT, Tree
from tests.redis_server import RedisServer, free_port

THREADS = "16"
WHOLE = ("web", "worker", "beat")
SERVERS = ("redis", "postgres")
# A worker in two parts, so that judging is measured without delivering.
PARTS = {"checker": "check,reach", "courier": "deliver"}
RESOLVER = ROOT / "benchmarks" / "resolver"
READY = 60.0  # seconds that the web may take to start
START = 30.0  # seconds that the set may take to become quiet
QUIET = 0.1  # share of one core below which a set has nothing to do


@dataclass(frozen=True, slots=True)
class Place:
    """A database with our site in it: SQLite by its file, PostgreSQL by its URL."""

    url: str
    synchronous: str = "FULL"
    key: str = ""  # the site's, for Authorization


def environment(place: Place, folder: Path) -> dict[str, str]:
    """What every process of the service is told; nothing of ours leaks in but PATH and the like."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {
        **given,
        "PYTHONPATH": str(RESOLVER),
        "DATABASE_URL": place.url,
        "SQLITE_SYNCHRONOUS": place.synchronous,
        "DATA_DIR": str(folder),
        "WEB_THREADS": THREADS,
        "LOG_LEVEL": "WARNING",
    }


def command(tree: Tree, words: Sequence[str], given: Mapping[str, str]) -> str:
    """What a command of the service prints. Raises CalledProcessError."""
    shown = subprocess.run(  # noqa: S603  # our own command
        tree.module("moderator", *words), env=given, cwd=tree.root, check=True,
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return shown.stdout.decode()


def enrol(tree: Tree, place: Place, folder: Path, sink: int) -> str:
    """Bring the schema up and add a blog whose callbacks and pages are at the sink; its key."""
    given = environment(place, folder)
    command(tree, ["db", "upgrade"], given)
    there = f"127.0.0.1:{sink}"
    shown = command(
        tree,
        ["site", "add", SITE, "--json", "--url", "https://bench.example.org/",
         "--callback-url", f"http://{there}/verdicts", "--allow", there],
        given,
    )  # fmt: skip
    return str(json.loads(shown)["api_key"])


class Service:
    """Starts and stops the processes of one tree by name, as its Procfile says."""

    def __init__(self, tree: Tree, folder: Path, place: Place) -> None:
        self.tree = tree
        self.folder = folder
        self.place = place
        self.redis = RedisServer(folder)
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = environment(place, folder) | {
            "REDIS_URL": self.redis.url,
            "PORT": str(self.port),
        }
        self._postmaster = postmaster(place.url)

    def __enter__(self) -> Self:
        self.redis.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.stop(*self.processes)
        self.redis.stop()
        if kind is not None:
            for log in sorted(self.folder.glob("*.log")):  # it goes with the folder
                print(f"{log.name}:\n{log.read_text()[-2000:]}", file=sys.stderr)

    def start(self, *names: str) -> None:
        for name in names:
            self.run(name, self._command(name))
        if "web" in names and not wait_until(self._answers, READY):
            raise TimeoutError("The web does not answer")

    def _command(self, name: str) -> list[str]:
        if name not in PARTS:
            return self.tree.process(name, self.environment)
        worker = self.tree.process("worker", self.environment)
        return [*worker, "--queues", PARTS[name], "--hostname", f"{name}@bench"]

    def run(self, name: str, words: Sequence[str], cwd: Path | None = None) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  # our own programs
                words, env=self.environment, cwd=cwd or self.tree.root,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, *names: str) -> None:
        ended = [self.processes.pop(name) for name in names]
        for process in ended:
            process.terminate()
        for process in ended:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # a session of its own
                process.wait()

    def _answers(self) -> bool:
        if self.processes["web"].poll() is not None:
            raise ChildProcessError("The web ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def settle(self) -> bool:
        """Wait until nothing is done any more; False if that does not happen in START seconds."""
        names = (*self.processes, *SERVERS)
        until = time.monotonic() + START
        while time.monotonic() < until:
            before = sum(self.costs(names).values())
            time.sleep(0.5)
            if sum(self.costs(names).values()) - before < 0.5 * QUIET:
                return True
        return False

    def pids(self, name: str) -> list[int]:
        if name == "postgres":
            return children(self._postmaster) if self._postmaster else []
        process = self.processes.get(name)
        pid = self.redis.pid if name == "redis" else process.pid if process else None
        return children(pid) if pid else []

    def costs(self, names: Sequence[str]) -> dict[str, float]:
        """CPU seconds so far."""
        return {name: cpu_seconds(self.pids(name)) for name in names}

    def memory(self, names: Sequence[str]) -> dict[str, tuple[float, float]]:
        return {name: memory_mb(self.pids(name)) for name in names}


def postmaster(url: str) -> int:
    """The process that all others of a PostgreSQL descend from; 0 on SQLite."""
    if not url.startswith("postgresql"):
        return 0
    engine = create_engine(url.replace("://", "+psycopg://", 1))
    with engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        stat = Path(f"/proc/{backend}/stat").read_text()
    engine.dispose()
    return int(stat.rpartition(")")[2].split()[1])
