"""Says how far a long command is: a line that renews itself on a terminal, else a line a minute.

It is said on standard error, and nothing of it is left behind. What a command prints meanwhile
begins a line of its own: `Progress.end`, `shown` and `during` take the terminal's line away first.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO, TypeVar

Item = TypeVar("Item")

WIDTH = 30  # signs of the bar
OFTEN, SELDOM = 0.2, 60.0  # seconds between two lines, on a terminal and elsewhere
LEAST_SECONDS = 1.0  # before anything is said of how long it will take


def now() -> float:
    return time.monotonic()


@dataclass(slots=True)
class Progress:
    """`words` say what is counted, e.g. "comments read"; `total` is 0 where nobody knows."""

    out: TextIO
    words: str
    total: int = 0
    begun_at: int = 0  # what was done before, by an earlier run
    clock: Callable[[], float] = field(default_factory=lambda: now)
    _said: float = float("-inf")
    _is_shown: bool = False
    _began: float = field(init=False)
    _is_terminal: bool = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._is_terminal = self.out.isatty()
        if not self._is_terminal:
            self._said = self._began

    def __call__(self, done: int) -> None:
        at = self.clock()
        if at - self._said < (OFTEN if self._is_terminal else SELDOM):
            return
        self._said = at
        self._say(self._line(done, at))

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if self._is_terminal and self._is_shown:
            self._say("")
            self._is_shown = False

    def still(self) -> None:
        """Nothing was counted, and it goes on: say for how long."""
        self._say(f"{self.words}, {_time(self.clock() - self._began)}")

    def _line(self, done: int, at: float) -> str:
        if not self.total:
            return f"{done:,} {self.words}"
        seconds = at - self._began
        left = (self.total - done) * seconds / max(done - self.begun_at, 1)
        share = min(done / self.total, 1)
        bar = "#" * round(share * WIDTH)
        more = f", about {_time(left)} left" if seconds >= LEAST_SECONDS else ""
        shown = f"[{bar:<{WIDTH}}] " if self._is_terminal else ""
        return f"{shown}{share:4.0%} {done:,} of {self.total:,} {self.words}{more}"

    def _say(self, line: str) -> None:
        self._is_shown = True
        self.out.write(f"\r\x1b[K{line}" if self._is_terminal else f"{line}\n")
        self.out.flush()


def shown(items: Iterable[Item], words: str, total: int = 0) -> Iterator[Item]:
    """The items, while it is said how many there were; whoever takes one may print."""
    progress, done = Progress(sys.stderr, words, total), 0
    try:
        for item in items:
            progress.end()
            yield item
            done += 1
            progress(done)
    finally:
        progress.end()


@contextmanager
def counted(words: str, total: int = 0) -> Iterator[Callable[[int], None]]:
    """Yields what is told of so many more."""
    progress, done = Progress(sys.stderr, words, total), 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progress(done)

    try:
        yield told
    finally:
        progress.end()


@contextmanager
def during(
    words: str, wait: Callable[[threading.Event, float], bool] = threading.Event.wait
) -> Iterator[None]:
    """Say for how long a step has gone on in which nothing is counted. Nothing may be printed."""
    progress, ended = Progress(sys.stderr, words), threading.Event()
    pause = OFTEN if sys.stderr.isatty() else SELDOM

    def tell() -> None:
        while not wait(ended, pause):
            progress.still()

    thread = threading.Thread(target=tell, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        progress.end()


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
