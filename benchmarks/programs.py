"""Our own programs around the service: who sends, and the blog that hears the verdicts."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Self

from benchmarks.load import Plan, Result
from benchmarks.proc import cpu_seconds
from benchmarks.tree import ROOT
from tests.redis_server import free_port


@dataclass(frozen=True, slots=True)
class Heard:
    """How many comments the blog heard of, when it last did, and how many callbacks came again."""

    count: int
    last: float
    again: int


class Sink:
    """`with Sink() as sink`: one for a whole run, because its address is in the databases."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.sink", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  # our own program
        wait_until(self._answers, 20)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            self.heard()
        except OSError:
            return False
        return True

    def heard(self) -> Heard:
        return Heard(**json.loads(self._ask("GET", "/heard")))

    def times(self) -> dict[str, float]:
        """When each comment's first callback came, by the comment's id; seconds since 1970."""
        found: dict[str, float] = json.loads(self._ask("GET", "/times"))
        return found

    def forget(self) -> None:
        self._ask("DELETE", "/")

    def cpu(self) -> float:
        return cpu_seconds([self._process.pid]) if self._process else 0.0

    def _ask(self, method: str, path: str) -> bytes:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310  # loopback
            body: bytes = answer.read()
            return body


class Load:
    """`with Load(plan) as load`: ready; `begin` lets it send, `end` returns what came back."""

    def __init__(self, plan: Plan) -> None:
        self._process = subprocess.Popen(  # our own programs
            [sys.executable, "-m", "benchmarks.load"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._say(json.dumps(asdict(plan)))
        self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self) -> None:
        self._say("go")

    def end(self) -> Result:
        line = self._hear()
        if not line:
            raise ConnectionError("The load generator gave up")
        return Result(**json.loads(line))

    def _say(self, line: str) -> None:
        if self._process.stdin is None:
            raise TypeError("the pipe was asked for")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        if self._process.stdout is None:
            raise TypeError("the pipe was asked for")
        return self._process.stdout.readline()


def wait_until(is_so: Callable[[], bool], seconds: float, *, pause: float = 0.05) -> bool:
    """Ask again and again; return whether it became so."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True
