"""The service as real processes on loopback: to be killed, hung and started again by tests."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.redis_server import RedisServer, free_port

WORKER = (
    "-m", "celery", "-A", "workers.app", "worker", "--pool", "threads", "--concurrency", "4",
    "--without-gossip", "--without-mingle", "--loglevel", "warning",
)  # fmt: skip
COMMANDS = {
    "web": ("-m", "moderator.wsgi"),
    "worker": WORKER,
    "worker2": WORKER,
    "sweeper": ("-m", "workers.sweeper"),
}
ROOT = Path(__file__).parent.parent


class Service:
    """`with Service(folder, database_url) as service`: web, two workers, sweeper and a Redis.

    One worker is enough where it does not matter: each loads the whole program and its model.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str,
        extra: Mapping[str, str] | None = None,
        *,
        port: int = 0,
        workers: int = 2,
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.redis = RedisServer(folder)
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": self.redis.url,
            "PORT": str(self.port),
            "DATA_DIR": str(folder),
            "GRACE_SECONDS": "0",
            **(extra or {}),
        }
        self.kinds = [name for name in COMMANDS if workers > 1 or name != "worker2"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  # our own programs
                [sys.executable, *COMMANDS[name]],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """As a power cut would: SIGKILL, to this process and its children."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def wait_until_ready(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2):  # noqa: S310
                    return
            except OSError:
                if self.processes["web"].poll() is not None:
                    break
                threading.Event().wait(0.05)
        raise AssertionError((self.folder / "web.log").read_text()[-3000:])

    def wait_until_judging(self, seconds: float = 60) -> None:
        """Wait until a worker is there, which says so as soon as it has its model."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=5) as answer:  # noqa: S310
                if b'"workers":"ok"' in answer.read():
                    return
            threading.Event().wait(0.05)
        raise AssertionError((self.folder / "worker.log").read_text()[-3000:])

    def __enter__(self) -> Self:
        self.redis.start()
        for name in self.kinds:
            self.start(name)
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for name, process in self.processes.items():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.redis.stop()


class FakeBlog:
    """Takes callbacks and keeps what came: (webhook-id, body) in order."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.changed = threading.Condition()
        blog = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with blog.changed:
                    blog.got.append((self.headers["webhook-id"], body))
                    blog.changed.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/verdict"

    def wait_for(self, ids: int, seconds: float) -> set[str]:
        """Wait until callbacks with so many different ids came; return the ids that did."""
        until = time.monotonic() + seconds
        with self.changed:
            while len({id_ for id_, _ in self.got}) < ids and time.monotonic() < until:
                self.changed.wait(0.5)
            return {id_ for id_, _ in self.got}

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
