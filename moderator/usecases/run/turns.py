"""Fair turns: claimed rows wait here by site, so that no site takes all places of a flow."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Piece = TypeVar("Piece")

MOVING = 1.0  # seconds since its last piece in which a site counts as one that answers
UNTOUCHED = 5.0  # seconds that a piece may wait for its turn before it is given back


@dataclass(slots=True)
class _Site(Generic[Piece]):
    waiting: deque[tuple[Piece, float]] = field(default_factory=deque)
    running: int = 0
    moved_at: float = float("-inf")
    is_ready: bool = False  # stands in the row of those who may begin a piece


class Turns(Generic[Piece]):
    """At most `per_site` pieces of one site run at once, the sites in turn. Times are seconds."""

    def __init__(self, per_site: int) -> None:
        self._per_site = per_site
        self._sites: dict[str, _Site[Piece]] = {}
        self._ready: deque[str] = deque()
        self.waiting = 0

    def add(self, site_id: str, piece: Piece, now: float) -> None:
        site = self._sites.setdefault(site_id, _Site())
        site.waiting.append((piece, now))
        self.waiting += 1
        self._line_up(site_id, site)

    def next(self) -> tuple[str, Piece] | None:
        """The next piece that may begin; whoever takes it says `ended` afterwards."""
        if not self._ready:
            return None
        site_id = self._ready.popleft()
        site = self._sites[site_id]
        site.is_ready = False
        piece, _ = site.waiting.popleft()
        self.waiting -= 1
        site.running += 1
        self._line_up(site_id, site)
        return site_id, piece

    def ended(self, site_id: str, now: float) -> None:
        site = self._sites[site_id]
        site.running -= 1
        site.moved_at = now
        self._line_up(site_id, site)

    def full(self, now: float, enough: int) -> frozenset[str]:
        """The sites of which no more is to be claimed: they have enough, or nothing moves there."""
        return frozenset(
            site_id
            for site_id, site in self._sites.items()
            if len(site.waiting) >= enough
            or (site.running >= self._per_site and now - site.moved_at > MOVING)
        )

    def is_moving(self, now: float) -> bool:
        """Whether some site takes one piece after the other."""
        return any(now - site.moved_at <= MOVING for site in self._sites.values())

    def stale(self, now: float) -> Sequence[Piece]:
        """Take back what has waited too long: its site has stopped to answer."""
        taken: list[Piece] = []
        for site in self._sites.values():
            if site.waiting and now - site.waiting[0][1] > UNTOUCHED:
                taken += [piece for piece, _ in site.waiting]
                site.waiting.clear()
        self.waiting -= len(taken)
        self._ready = deque(name for name in self._ready if self._sites[name].waiting)
        for site in self._sites.values():
            site.is_ready = site.is_ready and bool(site.waiting)
        return taken

    def rest(self) -> Sequence[Piece]:
        """Take back all that waits."""
        return self.stale(float("inf"))

    def _line_up(self, site_id: str, site: _Site[Piece]) -> None:
        if not site.is_ready and site.waiting and site.running < self._per_site:
            site.is_ready = True
            self._ready.append(site_id)
