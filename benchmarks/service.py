"""The service as its real processes on loopback, with what each of them costs."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

from benchmarks.comments import SITE
from benchmarks.load import Plan, Result
from benchmarks.proc import children, cpu_seconds, memory_mb
from tests.redis_server import RedisServer, free_port

ROOT = Path(__file__).parent.parent
THREADS = "16"


def worker_command(queues: str, name: str) -> tuple[str, ...]:
    return (
        "-m", "celery", "-A", "workers.app", "worker", "--pool", "threads", "--concurrency", "4",
        "--queues", queues, "--without-gossip", "--without-mingle", "--loglevel", "warning",
        "--hostname", f"{name}@bench",
    )  # fmt: skip


COMMANDS = {
    "web": ("-m", "moderator.wsgi"),
    "sweeper": ("-m", "workers.sweeper"),
    "worker": worker_command("check,reach,reverify,deliver,learn", "worker"),
    "checker": worker_command("check,reach", "checker"),
    "courier": worker_command("deliver", "courier"),
}


class Service:
    """Starts and stops the processes by name; `checker` and `courier` are a worker in two parts."""

    def __init__(self, folder: Path, database_url: str, synchronous: str = "FULL") -> None:
        self.folder = folder
        self.database_url = database_url
        self.redis = RedisServer(folder)
        self.port, self.echo_port, self.sink_port = free_port(), free_port(), free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "SQLITE_SYNCHRONOUS": synchronous,
            "REDIS_URL": self.redis.url,
            "PORT": str(self.port),
            "DATA_DIR": str(folder),
            "WEB_THREADS": THREADS,
            "LOG_LEVEL": "WARNING",
        }
        self.key = ""

    def __enter__(self) -> Self:
        self.redis.start()
        try:
            self.key = self._enrol()
            self._run("echo", ["-m", "benchmarks.echo", str(self.echo_port), THREADS])
            self._run("sink", ["-m", "benchmarks.sink", str(self.sink_port)])
            self.start("web")
            self._wait_for_web()
        except BaseException:  # leave nothing running
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(*self.processes)
        self.redis.stop()

    def _enrol(self) -> str:
        """A blog of its own, whose callbacks go to the sink."""
        sink = f"127.0.0.1:{self.sink_port}"
        subprocess.run(  # our own command
            [sys.executable, "-m", "moderator", "db", "upgrade"],
            env=self.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        shown = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "moderator", "site", "add", SITE, "--json",
             "--url", "https://bench.example.org/", "--callback-url", f"http://{sink}/verdicts",
             "--allow", sink],
            env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        return str(json.loads(shown.stdout)["api_key"])

    def start(self, name: str) -> None:
        self._run(name, COMMANDS[name])

    def _run(self, name: str, command: Sequence[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  # our own programs
                [sys.executable, *command], env=self.environment, cwd=ROOT,
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
                process.kill()
                process.wait()

    def _wait_for_web(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError((self.folder / "web.log").read_text()[-3000:])

    def pids(self, name: str) -> list[int]:
        if name == "postgres":
            return self._postgres()
        process = self.processes.get(name)
        pid = self.redis.pid if name == "redis" else process.pid if process else None
        return children(pid) if pid else []

    def _postgres(self) -> list[int]:
        if not self.database_url.startswith("postgresql"):
            return []
        engine = create_engine(self.database_url.replace("://", "+psycopg://", 1))
        with engine.connect() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            stat = Path(f"/proc/{backend}/stat").read_text()
        engine.dispose()
        return children(int(stat.rpartition(")")[2].split()[1]))

    def costs(self, names: Sequence[str]) -> dict[str, float]:
        """CPU seconds so far."""
        return {name: cpu_seconds(self.pids(name)) for name in names}

    def memory(self, names: Sequence[str]) -> dict[str, tuple[float, float]]:
        return {name: memory_mb(self.pids(name)) for name in names}


class Load:
    """A load generator that is ready; `run` sends and returns what came back."""

    def __init__(self, plan: Plan) -> None:
        self._process = subprocess.Popen(  # our own programs
            [sys.executable, "-m", "benchmarks.load"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        fields = {name: getattr(plan, name) for name in plan.__slots__}
        self._say(json.dumps(fields))
        self._hear()

    def begin(self) -> None:
        self._say("go")

    def end(self) -> Result:
        result = Result(**json.loads(self._hear()))
        self._process.wait()
        return result

    def _say(self, line: str) -> None:
        if self._process.stdin is None:
            raise TypeError("the pipe was asked for")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        if self._process.stdout is None:
            raise TypeError("the pipe was asked for")
        return self._process.stdout.readline()
