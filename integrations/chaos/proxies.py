"""The process of the proxies, and what it is told."""

import json
import subprocess
import sys
import threading
from typing import Self

from tests.processes import ROOT


class Proxies:
    """`with Proxies("redis", ...) as proxies`: each listens on `ports[name]` from then on."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "integrations.chaos.proxy", *self._names],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.ports = json.loads(self._line())
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def lead(self, name: str, *ports: int, mode: str = "pass") -> None:
        """Where new connections go."""
        self._tell({"name": name, "mode": mode, "to": list(ports)})

    def set(self, name: str, mode: str) -> None:
        """pass, swallow, refuse."""
        self._tell({"name": name, "mode": mode})

    def _tell(self, order: dict[str, object]) -> None:
        with self._lock:
            if self._process is None or self._process.stdin is None:
                raise TypeError("the proxies were not started")
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            self._line()

    def _line(self) -> str:
        if self._process is None or self._process.stdout is None:
            raise TypeError("the proxies were not started")
        line = self._process.stdout.readline()
        if not line:
            raise ConnectionError("the proxies gave up")
        return line
