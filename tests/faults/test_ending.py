"""A process that was asked to end ends soon, whatever it waits for; what it held comes back."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from integrations.chaos.proxies import Proxies
from moderator.storage.base.database import Database
from tests.builders import a_submission
from tests.databases import fresh
from tests.house import House
from tests.processes import ROOT, WORKER
from tests.redis_server import RedisServer

PATIENCE = 60.0  # seconds in a test that fails; one that is right needs a fourth
ENTRY = ROOT / "integrations" / "chaos" / "entry"  # a worker with a check that hangs
FOR_EVER = "3600"
BEGINNING = """
import logging, threading
from workers.ending import end_in_time
logging.basicConfig()
stopping = threading.Event()
end_in_time(stopping, {seconds})
"""
STUCK = "threading.Thread(target=threading.Event().wait, name='a check that hangs').start()\n"


def ended(seconds: float, *lines: str) -> tuple[int, str]:
    """How a process ends that was asked to, and what it says."""
    words = "".join([BEGINNING.format(seconds=seconds), *lines, "stopping.set()\n"])
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", words],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_what_cannot_be_ended_is_named_and_left() -> None:
    code, said = ended(0.1, STUCK)
    assert code == 0
    assert "event=ended_late after=0.1 still=" in said
    assert "a_check_that_hangs@threading.py:" in said


def test_who_ends_by_itself_is_not_waited_for() -> None:
    assert ended(2 * PATIENCE) == (0, "")


@dataclass
class Worker:
    """A worker over SQLite, and over a Redis that can be half-open."""

    house: House
    proxies: Proxies
    process: subprocess.Popen[bytes]
    log: Path
    claims: Path

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > until:
                pytest.fail(self.log.read_text()[-3000:])
            threading.Event().wait(0.05)

    def end(self) -> str:
        """Ask it to end, and wait; what it said in its life."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0
        return self.log.read_text()


@pytest.fixture
def worker(redis_server: RedisServer, tmp_path: Path) -> Iterator[Worker]:
    claims, log = tmp_path / "claims", tmp_path / "worker.log"
    url = f"sqlite:///{tmp_path / 'rows.db'}"
    words = ["chaos_worker" if word == "workers.app" else word for word in WORKER]
    with closing(Database(url)) as database, Proxies("redis") as proxies, log.open("wb") as out:
        fresh(database)
        house = House(database)
        proxies.lead("redis", redis_server.port)
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ENTRY}",
            "DATABASE_URL": url,
            "REDIS_URL": f"redis://127.0.0.1:{proxies.ports['redis']}/0",
            "DATA_DIR": str(tmp_path),
            "CHAOS_CLAIMS": str(claims),
            "CHAOS_HANG": FOR_EVER,
        }
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, *words], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
        yield Worker(house, proxies, process, log, claims)
        process.kill()
        process.wait()


@pytest.mark.timeout(180)
def test_a_worker_ends_while_a_check_hangs_in_it(worker: Worker) -> None:
    worker.house.send(a_submission("This is poison-hang-1 for its readers.", id=f"{1:032x}"))
    worker.wait_until(worker.claims.exists)
    assert "event=ended_late" in worker.end()
    asked = "SELECT attempts, token FROM queue WHERE job = 'check'"
    [(attempts, token)] = worker.house.rows(asked)
    assert (attempts, token is not None) == (1, True)  # the lease ends, and it is done again


@pytest.mark.timeout(180)
def test_a_worker_ends_in_order_while_redis_is_half_open(worker: Worker) -> None:
    worker.house.send(a_submission(id=f"{1:032x}"))
    worker.wait_until(lambda: worker.house.status(f"{1:032x}") != "queued")
    worker.proxies.set("redis", "swallow")
    worker.wait_until(lambda: b"Connection to broker lost" in worker.log.read_bytes())
    assert "event=ended_late" not in worker.end()
