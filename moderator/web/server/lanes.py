"""The threads that run the application, in lanes, so that no kind of request waits for another.

A thread takes what waits in its lane, up to `together` calls: it begins them all and finishes them
all, so that what they wait for (a commit) is waited for once. What no thread took in time is given
back, to be refused: a lane that is stuck, or flooded, still answers.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from moderator.web.server.call import Answer, Call
from moderator.web.server.head import Environ

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Done = list[tuple[Call, Answer]]

FLOODED = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """`patience` is for how many seconds a call may wait for a thread while none gets on; while
    some do, it is FLOODED.
    """

    name: str
    threads: int
    together: int = 1
    patience: float = FLOODED


class Lane:
    def __init__(
        self, plan: Plan, app: "WSGIApplication", finished: Callable[[Done], object]
    ) -> None:
        self.plan = plan
        self._app = app
        self._finished = finished
        self._queue: SimpleQueue[Call | None] = SimpleQueue()
        self._waiting: dict[Call, float] = {}  # since when; who removes a call has it
        self._moved_at = float("-inf")  # when a thread was last done with something

    def start(self) -> None:
        for number in range(self.plan.threads):
            name = f"{self.plan.name}-{number}"
            threading.Thread(target=self._run, name=name, daemon=True).start()

    def stop(self) -> None:
        """Let the threads end when they have done what waits."""
        for _ in range(self.plan.threads):
            self._queue.put(None)

    def put(self, calls: Sequence[Call]) -> None:
        now = time.monotonic()
        for call in calls:
            self._waiting[call] = now
            self._queue.put(call)

    def overdue(self) -> list[Call]:
        """Take back what has waited for too long."""
        now = time.monotonic()
        is_stuck = now - self._moved_at > self.plan.patience
        oldest = now - (self.plan.patience if is_stuck else FLOODED)
        late = [call for call, since in self._waiting.copy().items() if since < oldest]
        return [call for call in late if self._waiting.pop(call, None) is not None]

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            taken = self._batch(first)
            calls = [call for call in taken if self._waiting.pop(call, None) is not None]
            for call in calls:
                call.begin(self._app)
            if calls:
                done = [(call, call.finish()) for call in calls]
                self._moved_at = time.monotonic()
                self._finished(done)

    def _batch(self, first: Call) -> list[Call]:
        calls = [first]
        while len(calls) < self.plan.together:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:  # for one of us, and this one is busy
                self._queue.put(None)
                break
            calls.append(more)
        return calls


class Lanes:
    """All lanes; `choose` names the plan of a request, given its environment and its size."""

    def __init__(
        self,
        app: "WSGIApplication",
        plans: Sequence[Plan],
        choose: Callable[[Environ, int], Plan],
        finished: Callable[[Done], object],
    ) -> None:
        self._choose = choose
        self._lanes: Mapping[str, Lane] = {plan.name: Lane(plan, app, finished) for plan in plans}
        self._gathered: dict[Lane, list[Call]] = {}

    def start(self) -> None:
        for lane in self._lanes.values():
            lane.start()

    def stop(self) -> None:
        for lane in self._lanes.values():
            lane.stop()

    def gather(self, call: Call, size: int) -> bool:
        """Keep a call until `put`; return whether it is the first one kept."""
        is_first = not self._gathered
        lane = self._lanes[self._choose(call.environ, size).name]
        self._gathered.setdefault(lane, []).append(call)
        return is_first

    def put(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for lane, calls in gathered.items():
            lane.put(calls)

    def overdue(self) -> list[Call]:
        return [call for lane in self._lanes.values() for call in lane.overdue()]
