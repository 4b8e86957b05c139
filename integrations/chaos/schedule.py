"""Draws faults, one every 0 to 1.5 seconds, and lets no two touch the same thing at once.

Or one after the other, each when the service has worked again: so it can be seen how soon it does.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from integrations.chaos.act import Act, Fault
from integrations.chaos.faults.poison import Poison
from integrations.chaos.faults.versions import Versions
from integrations.chaos.figures import Happened
from integrations.chaos.stage import Stage

LONGEST_PAUSE = 1.5
LOOK = 0.25  # seconds between two looks at what was told
TRIES = 20  # draws until one is found whose things are free
REST = 3.0  # seconds in which what was broken is left alone, so that it can be seen to work again
PATIENCE = 30.0  # seconds after a fault alone in which the service has to work again
SPARE = 2.0  # seconds after the last fault in which a long one may still end


@dataclass(slots=True)
class Schedule:
    """`run` takes as long as it is told; `happened` are the faults that came to their end."""

    stage: Stage
    kinds: Sequence[Fault]
    random: Random
    # With faults apart: whether something that was sent after this one has been told.
    is_over: Callable[[Happened], bool] | None = None
    happened: list[Happened] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # faults that could not be ended
    _busy: set[str] = field(default_factory=set)
    _resting: list[tuple[float, frozenset[str]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def run(self, seconds: float, drain: float) -> None:
        until = time.monotonic() + seconds
        for kind in self.kinds:  # what must be under way before all others
            if isinstance(kind, Versions) and (act := kind.draw(self.stage, self.random)):
                self._start(kind.name, act)
        while (left := until - time.monotonic()) > 0:
            for kind in self.kinds:
                if isinstance(kind, Poison):
                    kind.left = left + drain
            self._begin(left)
            if self.is_over is not None:
                self._wait_for_work(self.is_over, until)
            time.sleep(min(self.random.uniform(0, LONGEST_PAUSE), max(0.0, left)))

    def join(self, until: float) -> None:
        """Wait for the faults that have begun; one that does not end is told."""
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        over = frozenset(name for _, touched in self._resting for name in touched)
        self.broken += [f"{name}: not over yet" for name in sorted(self._busy - over)]

    def _wait_for_work(self, is_over: Callable[[Happened], bool], until: float) -> None:
        for thread in self._threads[-1:]:
            thread.join(max(0.0, until - time.monotonic()))
        until = min(until, time.monotonic() + PATIENCE)
        while self.happened and time.monotonic() < until and not is_over(self.happened[-1]):
            time.sleep(LOOK)

    def _begin(self, left: float) -> None:
        for _ in range(TRIES):
            [kind] = self.random.choices(self.kinds, [each.weight for each in self.kinds])
            act = kind.draw(self.stage, self.random)
            if act is None or act.seconds > left + SPARE:
                continue
            if self._start(kind.name, act):
                return

    def _start(self, kind: str, act: Act) -> bool:
        """Whether nothing that it touches is touched by another."""
        now = time.monotonic()
        with self._lock:
            for until, touched in [pair for pair in self._resting if pair[0] <= now]:
                self._resting.remove((until, touched))
                self._busy -= touched
            if act.touches & self._busy:
                return False
            self._busy |= act.touches
        thread = threading.Thread(target=self._do, args=(kind, act), daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    def _do(self, kind: str, act: Act) -> None:
        began, over = time.monotonic(), None
        try:
            over = act.run()
        except Exception as error:  # noqa: BLE001  # told at the end, and the run fails
            self.broken.append(f"{act.what}: {type(error).__name__}: {error}")
        finally:
            ended = time.monotonic() if over is None else over
            with self._lock:
                self.happened.append(Happened(kind, act.what, act.touches, began, ended, act.site))
            self._resting.append((time.monotonic() + REST, act.touches))
            print(f"{began - self.stage.began:6.1f} s  {act.what}", flush=True)
