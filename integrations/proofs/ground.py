"""What the proofs stand on: steps that are told, servers unpacked, processes that end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
PATIENCE = 60.0  # seconds
WORKER = (
    PYTHON, "-m", "celery", "--quiet", "--app", "workers.app", "worker", "--pool", "threads",
    "--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "warning",
)  # fmt: skip
COMMANDS: Mapping[str, Sequence[str]] = {
    "web": (PYTHON, "-m", "moderator.wsgi"),
    "worker": WORKER,
    "sweeper": (PYTHON, "-m", "workers.sweeper"),
}


class ProofError(Exception):
    """What was to be shown is not so."""


def step(words: str) -> None:
    print(f"- {words}", flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Raises ProofError when it does not come to be so."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise ProofError(f"in vain: {what}")
        time.sleep(0.1)


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary one that others may enter: a PostgreSQL runs as a user of its own."""
    found = Path(tempfile.mkdtemp(prefix="moderator-proof-"))
    found.chmod(0o755)
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


def unpacked(place: Path, packages: Sequence[str]) -> Path:
    """Debian's packages, unpacked below `place`: nothing is installed. Raises ProofError."""
    packed = place / "packed"
    packed.mkdir(parents=True, exist_ok=True)
    # S603, S607 here and below: the programs are named in this project
    got = subprocess.run(  # noqa: S603
        ["apt-get", "-qq", "download", *packages],  # noqa: S607
        cwd=packed, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode:
        raise ProofError(f"cannot be had from Debian: {' '.join(packages)}: {got.stderr[-300:]}")
    for package in packed.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(place)], check=True)  # noqa: S603, S607
    return place


def libraries(place: Path) -> dict[str, str]:
    """The environment of a program that was unpacked there."""
    found = [str(path) for path in place.glob("usr/lib/*-linux-*") if path.is_dir()]
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(found)}


@dataclass(slots=True)
class Processes:
    """Started by name, each with a log of its own; all end with the `with`."""

    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        user: str | None = None,
        cwd: Path = ROOT,
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603
                command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, user=user, group=user,
            )  # fmt: skip

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def stop(self, name: str, patience: float = 20) -> None:
        process = self.running.pop(name)
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for name in reversed(list(self.running)):
            self.stop(name, patience=8)


def moderator(
    words: Sequence[str], environment: Mapping[str, str], *, cwd: Path = ROOT
) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was printed as trouble."""
    done = subprocess.run(  # noqa: S603
        [PYTHON, "-m", "moderator", *words], cwd=cwd, env=dict(environment),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def ask(url: str, key: str = "", body: object = None, *, seconds: float = 15) -> tuple[int, bytes]:
    """GET, or POST of JSON. Raises OSError when there is no answer."""
    data = None if body is None else json.dumps(body).encode()
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(url, data, head)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def answers(url: str) -> bool:
    try:
        return ask(url)[0] == 200
    except OSError:
        return False


def event(number: int, site: str = "demo", text: str = "") -> dict[str, object]:
    """A comment as a blog sends it."""
    words = text or f"What a fine article about bridge number {number}, and the river below!"
    return {
        "type": "comment.created",
        "timestamp": "2026-01-01T12:00:00Z",
        "data": {
            "site": {"id": site},
            "comment": {
                "id": str(number), "type": "comment", "content": {"raw": words, "format": "text"},
            },
            "author": {"name": f"Reader {number}", "email": f"r{number}@example.org"},
            "post": {"id": "1", "url": "https://blog.example.org/bridges", "title": "Bridges"},
        },
    }  # fmt: skip


def judged(base: str, key: str, number: int = 1, site: str = "demo") -> None:
    """A comment is taken and decided. Raises ProofError."""
    status, body = ask(f"{base}/v1/check?wait_ms=10000", key, event(number, site))
    if status != 200 or b'"final":true' not in body:
        raise ProofError(f"not decided: {status} {body[:300]!r}")


def proof(run: Callable[[], None]) -> int:
    """Run one, and tell in a line what is not so."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    try:
        run()
    except ProofError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0
