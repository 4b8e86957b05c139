"""How many may be connected and how much of what they send is kept: so that one more always fits.

Whoever has kept us waiting longest goes first. An address has its share of the connections; one
that would exceed it closes its own. When more bytes are held than may be, the oldest unfinished
requests of the address that holds most are refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

from moderator.web.server.head import Refusal

RELIEF_DIVISOR = 16  # one part in so many is closed when all is full: looking for them costs time
# That a process needs beside its connections: databases, logs, Redis, and what asyncio accepts at
# once (server.BACKLOG) before anybody counts it.
OWN_FILES = 150 + 256
RELIEF = 7 / 8  # of the bytes that may be held are kept when they have become too many


class CountedConnection(Protocol):
    """A connection, as far as room is concerned."""

    network: str  # of the peer; '' for our own proxy, which stands for many
    held: int  # bytes that came and are not answered yet

    @property
    def waits_since(self) -> tuple[bool, float] | None:
        """Whether a request has begun to come, and since when we wait for what comes next.

        None while it is us who work.
        """
        ...

    def refuse(self, refusal: Refusal) -> None: ...

    def close(self) -> None: ...


AnyConnection = TypeVar("AnyConnection", bound=CountedConnection)


@dataclass(frozen=True, slots=True)
class Size:
    connections: int = 8_192
    of_one_address: int = 256
    held_bytes: int = 64 * 1024 * 1024

    @classmethod
    def within(cls, files: int) -> "Size":
        """As much as goes with so many open files."""
        return cls(connections=max(64, min(cls().connections, files - OWN_FILES)))


class ConnectionCapacity(Generic[AnyConnection]):
    def __init__(self, size: Size) -> None:
        self.size = size
        self.held = 0
        self._guests: dict[AnyConnection, None] = {}
        self._networks: defaultdict[str, dict[AnyConnection, None]] = defaultdict(dict)

    def __iter__(self) -> Iterator[AnyConnection]:
        return iter(tuple(self._guests))

    def __len__(self) -> int:
        return len(self._guests)

    def enter(self, guest: AnyConnection) -> bool:
        """Let one more in, if need be instead of others; False when all the others are served."""
        mates = self._networks[guest.network]
        is_crowd = bool(guest.network) and len(mates) >= self.size.of_one_address
        if is_crowd and not self._close_longest_waiting(mates):
            return False
        is_full = len(self._guests) >= self.size.connections
        if is_full and not self._close_longest_waiting(self._guests):
            return False
        self._guests[guest] = None
        self._networks[guest.network][guest] = None
        return True

    def leave(self, guest: AnyConnection) -> None:
        """May be called twice."""
        if guest not in self._guests:
            return
        del self._guests[guest]
        mates = self._networks[guest.network]
        del mates[guest]
        if not mates:
            del self._networks[guest.network]
        self.hold(guest, -guest.held)

    def hold(self, guest: AnyConnection, size: int) -> bool:
        """Count bytes more, or less; False when that was too much and this guest was refused."""
        guest.held += size
        self.held += size
        is_fine = size <= 0 or self.held <= self.size.held_bytes
        return is_fine or guest not in self._relieve()

    def _relieve(self) -> set[AnyConnection]:
        """Return who was refused."""
        unfinished: defaultdict[str, list[tuple[float, AnyConnection]]] = defaultdict(list)
        for guest in self._guests:
            waits = guest.waits_since
            if guest.held and waits is not None and waits[0]:
                unfinished[guest.network].append((waits[1], guest))
        for guests in unfinished.values():
            guests.sort(key=_since, reverse=True)
        weights = {name: sum(one.held for _, one in guests) for name, guests in unfinished.items()}
        refused = set()
        while weights and self.held > self.size.held_bytes * RELIEF:
            heaviest = max(weights, key=lambda name: weights[name])
            _, guest = unfinished[heaviest].pop()
            weights[heaviest] -= guest.held
            refused.add(guest)
            guest.refuse(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too much is being sent to us"))
            if not unfinished[heaviest]:
                del weights[heaviest]
        return refused

    def _close_longest_waiting(self, guests: Iterable[AnyConnection]) -> bool:
        waiting = [(waits, guest) for guest in guests if (waits := guest.waits_since) is not None]
        waiting.sort(key=lambda pair: pair[0])
        for _, guest in waiting[: 1 + len(waiting) // RELIEF_DIVISOR]:
            guest.close()
        return bool(waiting)


def _since(pair: tuple[float, CountedConnection]) -> float:
    return pair[0]
