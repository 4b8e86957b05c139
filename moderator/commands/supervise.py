"""Keeps the children of `moderator up` running: starts again what ends, stops all at the end."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PATIENCE = 25.0  # seconds that a child has to end by itself
LOOK = 0.25  # seconds between two looks at the children
SOON = 1.0  # seconds before a child that ended is started again


PR_SET_PDEATHSIG = 1  # prctl(2)


def _end_with_parent() -> None:
    """Have the kernel end this child when whoever started it is killed (kill -9 leaves no time)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        # A session of its own: Ctrl-C reaches us, and we end the children in order.
        self.process = subprocess.Popen(  # noqa: S603  # our own programs
            list(self.command), env=dict(environment), start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # we have no threads
        )  # fmt: skip
        self.started_at = time.monotonic()


@dataclass(slots=True)
class Supervisor:
    """Children are stopped in the reverse order of their start."""

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, command: Sequence[str]) -> Child:
        child = Child(name, command)
        child.start(self.environment)
        self.children.append(child)
        return child

    def run(self) -> None:
        """Watch until SIGINT or SIGTERM."""
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while not self.stopping.wait(LOOK):
                for child in self.children:
                    self._look_after(child)
        finally:
            self.stop_all()

    def stop_all(self) -> None:
        for child in reversed(self.children):
            _end(child)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _look_after(self, child: Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        if time.monotonic() - child.started_at > SOON:
            print(f"{child.name} ended ({child.process.returncode}); starting it again", flush=True)
            child.start(self.environment)


def _end(child: Child) -> None:
    if child.process is None or child.process.poll() is not None:
        return
    child.process.terminate()
    try:
        child.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
