"""The service as its real processes behind proxies, and everything else that a fault may touch.

Each role (web, worker, worker2, sweeper) is one process, or two while one takes the other's place.
Who ends without having been asked is started again, as a supervisor would.
"""

import os
import platform
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from benchmarks.tree import Tree
from integrations.chaos.clocks import Clocks
from integrations.chaos.disk import Disk
from integrations.chaos.ledger import Ledger
from integrations.chaos.proxies import Proxies
from integrations.chaos.receiver import Receiver
from integrations.chaos.stores import PostgresStore, Store
from moderator.domain.queue import LEASES, Job
from tests.redis_server import RedisServer, free_port
from workers.ending import SECONDS

ENTRY = Path(__file__).parent / "entry"
ROLES = ("web", "worker", "worker2", "sweeper")
# Every retry comes soon, so that a run of minutes sees many of them.
SCHEDULE = ",".join(["1", "1", "2", "2", "3", "3", *["4"] * 60])
CELERY = (
    "-m", "celery", "-A", "chaos_worker", "worker", "--pool", "threads", "--concurrency", "4",
    "--without-gossip", "--without-mingle", "--loglevel", "warning",
)  # fmt: skip
HANG = LEASES[Job.CHECK_LOCAL].total_seconds() + 3  # seconds of the poison that hangs
ENDING = SECONDS + 10  # seconds that a process has to end
OLD_ENDING = HANG + 15  # the old version waits for what hangs
YOUNG = 20.0  # seconds in which a process may not have come to hear signals yet
SIGN = text("SELECT seen_at FROM pulse WHERE name = :name")
SUPERVISED = 0.3  # seconds between two looks at who has ended


@dataclass(frozen=True, slots=True)
class Ground:
    """What the processes stand on."""

    folder: Path
    store: Store
    redis: RedisServer
    proxies: Proxies
    clocks: Clocks
    disk: Disk


class Stage:
    """Starts, ends and breaks the parts; faults know nothing else of the service."""

    def __init__(self, ground: Ground, receiver: Receiver, ledger: Ledger, tree: Tree) -> None:
        self.ground = ground
        self.receiver = receiver
        self.ledger = ledger
        self.tree = tree
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.web_ports: dict[str, int] = {}
        self.restarts = 0
        self.began = time.monotonic()  # of the run, once all has started
        self.last_words: list[str] = []  # of processes that did not end as they should
        self._started: dict[int, float] = {}  # when, by process id
        self._lock = threading.RLock()
        self._wanted: dict[str, Tree] = {}
        self._closing = threading.Event()
        # For a look past every proxy.
        url = ground.store.url.replace("postgresql:", "postgresql+psycopg:")
        self._engine = create_engine(url, poolclass=NullPool)
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    # What a process is told.

    @property
    def claims(self) -> Path:
        return self.ground.folder / "claims.txt"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.ground.proxies.ports['web']}"

    def environment(self, machine: str) -> dict[str, str]:
        ports = self.ground.proxies.ports
        given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return {
            **given,
            **self.ground.clocks.environment(machine),
            "PYTHONPATH": str(ENTRY),
            "DATABASE_URL": self.ground.store.url_by(ports["database"]),
            "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
            "DATA_DIR": str(self.ground.folder),
            "PUBLIC_URL": self.base,
            "GRACE_SECONDS": "1",
            "DELIVERY_SCHEDULE": SCHEDULE,
            "CHAOS_CLAIMS": str(self.claims),
            "CHAOS_HANG": str(HANG),
        }

    def machine(self, role: str) -> str:
        """Whose clock it goes by: SQLite is one machine, PostgreSQL's users may be several."""
        return "web" if role.startswith("web") and self.is_postgres else "here"

    @property
    def is_postgres(self) -> bool:
        return isinstance(self.ground.store, PostgresStore)

    # Processes.

    def start(self, name: str, tree: Tree | None = None) -> None:
        """`name` is a role, or a role with a number behind it."""
        tree = tree or self._wanted.get(name, self.tree)
        role = name.partition(":")[0]
        given = self.environment(self.machine(role))
        words: tuple[str, ...] = (str(ENTRY / "chaos_sweeper.py"),)
        if role == "web":
            port = self.web_ports.setdefault(name, free_port())
            given["PORT"], words = str(port), ("-m", "moderator.wsgi")
        elif role.startswith("worker"):
            words = (*CELERY, "--hostname", _host(name))
        # `python -m` and a script differ in what they import first: here it is always the tree.
        given["PYTHONPATH"] = f"{tree.root}{os.pathsep}{ENTRY}"
        with self._lock, (self.ground.folder / f"{role}.log").open("ab") as log:
            self._wanted[name] = tree
            self.processes[name] = subprocess.Popen(  # noqa: S603  # our own programs
                [str(tree.python), *words], env=given, cwd=tree.root, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            self._started[self.processes[name].pid] = time.monotonic()

    def start_all(self) -> None:
        self.ground.redis.start()
        for role in ROLES:
            self.start(role)
        self.lead()
        self.wait_until(lambda: b'"workers":"ok"' in self._get("web", "/readyz"), 90)
        self._supervisor.start()

    def lead(self) -> None:
        """New connections go to every web that is wanted."""
        with self._lock:
            webs = [port for name, port in self.web_ports.items() if name in self._wanted]
            self.ground.proxies.lead("web", *webs)

    def answers(self, name: str) -> bool:
        return bool(self._get(name, "/healthz"))

    def sign(self, name: str) -> str:
        """What changes when this process gives a sign of life; '' where none can be seen."""
        role = name.partition(":")[0]
        if role == "web":
            process = self.processes.get(name)
            return str(process.pid) if process is not None and self.answers(name) else ""
        like = f"sweeper {platform.node()}" if role == "sweeper" else f"worker {_host(name)}"
        try:
            with self._engine.connect() as connection:
                found = connection.execute(SIGN, {"name": like}).scalar()
        except SQLAlchemyError:
            return ""
        return str(found or "")

    def _get(self, name: str, path: str) -> bytes:
        try:
            url = f"http://127.0.0.1:{self.web_ports[name]}{path}"
            with urllib.request.urlopen(url, timeout=5) as answer:
                body: bytes = answer.read()
                return body or b"-"
        except OSError:
            return b""

    def wait_until(self, is_so: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.ground.folder}: not in {seconds} s")
            time.sleep(0.05)

    def names(self, role: str) -> list[str]:
        """The processes of a role that are wanted now."""
        with self._lock:
            return [name for name in self._wanted if name.partition(":")[0] == role]

    def signal(self, name: str, sent: signal.Signals) -> None:
        """To the process and its children."""
        process = self.processes.get(name)
        if process is not None and process.poll() is None:
            os.killpg(process.pid, sent)

    def kill(self, name: str) -> None:
        """As a power cut would; the supervisor starts it again."""
        process = self.processes.get(name)
        self.signal(name, signal.SIGKILL)
        if process is not None:
            process.wait(10)

    def end(self, name: str) -> None:
        """SIGTERM: it is wanted no more, and has some seconds to end by itself."""
        with self._lock:
            is_old = self._wanted.pop(name, self.tree).root != here().root
            process = self.processes.pop(name)
        self.lead()
        process.terminate()
        process.send_signal(signal.SIGCONT)  # whoever stands still does not hear it
        try:
            code = process.wait(OLD_ENDING if is_old else ENDING)
        except subprocess.TimeoutExpired:
            code = None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        is_young = time.monotonic() - self._started[process.pid] < YOUNG
        if code != 0 and not (is_young and code == -signal.SIGTERM):
            self.last_words.append(f"{name}: ended with {code} after SIGTERM")

    def pids(self) -> list[int]:
        with self._lock:
            return [process.pid for process in self.processes.values()]

    def _supervise(self) -> None:
        while not self._closing.wait(SUPERVISED):
            with self._lock:
                over = [
                    name
                    for name in self._wanted
                    if name in self.processes and self.processes[name].poll() is not None
                ]
                for name in over:
                    self.restarts += 1
                    self.start(name)
            store = self.ground.store
            if isinstance(store, PostgresStore) and not store.is_running() and self.is_healing:
                with suppress(TimeoutError):  # the disk may still be full: it is tried again
                    store.start()

    is_healing = True  # whether a database that has ended is started again

    def close(self) -> None:
        self._closing.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        self.ground.redis.stop()


def _host(name: str) -> str:
    return f"{name.replace(':', '-')}@chaos"


def here() -> Tree:
    return Tree("this", Path(__file__).resolve().parents[2], Path(sys.executable))
