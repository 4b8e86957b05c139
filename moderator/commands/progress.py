"""Says how far a long command is: a line that renews itself on a terminal, else a line a minute."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 30  # signs of the bar
OFTEN, SELDOM = 0.2, 60.0  # seconds between two lines, on a terminal and elsewhere
LEAST_SECONDS = 1.0  # before anything is said of how long it will take


@dataclass(slots=True)
class Progress:
    """`words` say what is counted, e.g. "comments read"; `total` is 0 where nobody knows."""

    out: TextIO
    words: str
    total: int = 0
    begun_at: int = 0  # what was done before, by an earlier run
    clock: Callable[[], float] = time.monotonic
    _said: float = float("-inf")
    _began: float = field(init=False)
    _is_terminal: bool = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._is_terminal = self.out.isatty()
        if not self._is_terminal:
            self._said = self._began

    def __call__(self, done: int) -> None:
        now = self.clock()
        if now - self._said < (OFTEN if self._is_terminal else SELDOM):
            return
        self._said = now
        self._say(self._line(done, now))

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if self._is_terminal:
            self._say("")

    def _line(self, done: int, now: float) -> str:
        if not self.total:
            return f"{done:,} {self.words}"
        seconds = now - self._began
        left = (self.total - done) * seconds / max(done - self.begun_at, 1)
        share = min(done / self.total, 1)
        bar = "#" * round(share * WIDTH)
        more = f", about {_time(left)} left" if seconds >= LEAST_SECONDS else ""
        shown = f"[{bar:<{WIDTH}}] " if self._is_terminal else ""
        return f"{shown}{share:4.0%} {done:,} of {self.total:,} {self.words}{more}"

    def _say(self, line: str) -> None:
        self.out.write(f"\r\x1b[K{line}" if self._is_terminal else f"{line}\n")
        self.out.flush()


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
