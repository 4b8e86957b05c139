"""One fault as it is drawn, and what a kind of fault is."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from integrations.chaos.stage import Stage

PROBED, MAIN = "probe", "main"  # the site that shows whether the service works; the busy one


@dataclass(frozen=True, slots=True)
class Act:
    """`run` begins and ends it. It returns when what it touched may be touched again, and the time
    at which it was over, where that was earlier (by time.monotonic).

    `touches` are what no other fault may touch meanwhile; `seconds` is about how long it takes.
    `site` is whose callbacks show that it is over.
    """

    what: str
    touches: frozenset[str]
    run: Callable[[], float | None]
    seconds: float = 1.0
    site: str = PROBED


class Fault(Protocol):
    """A kind of fault. Work may lie for `needs` seconds after its last one, leases above all."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> int: ...

    @property
    def weight(self) -> float:
        """How often it is drawn, against the others."""
        ...

    def draw(self, stage: Stage, random: Random) -> Act | None:
        """The next one; None where there is none to be had now."""
        ...


def together(calls: Sequence[Callable[[], object]]) -> None:
    """At once, and wait for all."""
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
