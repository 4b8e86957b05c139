"""What clients and moderators were answered, and what the blog was sent: the other side's books.

Times are of the harness' monotonic clock, in seconds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that was answered 2xx: `id` is what the service calls the submission.

    `order` is the event's place among those about its comment, by their timestamps; `marker` is
    in the words that it brought, '' where it brought none. `said` tells bodies apart.
    """

    site: str
    key: str
    kind: str
    comment: str
    id: str
    said: str
    order: int = 0
    marker: str = ""
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class Try:
    """One request at the intake: when it began, how long it took, 0 for no answer."""

    began: float
    seconds: float
    status: int


@dataclass(frozen=True, slots=True)
class Press:
    """A moderator's decision that was answered: `sequence` is what it was said to have become."""

    moderator: str
    id: str
    verdict: str
    seen: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Received:
    """One callback as it came to the blog; `acknowledged_at` is when a whole 2xx was written."""

    id: str
    body: bytes
    at: float
    acknowledged_at: float | None = None


@dataclass(slots=True)
class Ledger:
    """All of it; many threads write."""

    accepted: list[Accepted] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # answers that nothing explains
    poison: dict[str, str] = field(default_factory=dict)  # kind by comment
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            yield
