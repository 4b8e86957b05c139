"""Lets moderators start in other places of a list: what one looks at is theirs for a while.

A claim is a courtesy, not a lock: whoever opens a line may decide about it. It ends by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.errors import StorageUnavailableError
from moderator.domain.pages.claim import QueueClaim
from moderator.domain.pages.dashboard import ListItem
from moderator.domain.verdict import Decider

FRESH = timedelta(seconds=60)  # a claim that lasts so long is not renewed
AHEAD = 8  # lines that are claimed from where somebody stands


class ClaimStore(Protocol):
    def claim(self, lines: Sequence[str], moderator: Decider, now: datetime) -> set[str]:
        """Claim those that are free or theirs already, for LEASE; return which."""
        ...


@dataclass(frozen=True, slots=True)
class Claims:
    store: ClaimStore

    def others(
        self, lines: Sequence[ListItem], moderator: Decider, now: datetime
    ) -> dict[str, str]:
        """Who looks at these lines, but for the asker: names by line."""
        return {
            line.key: line.claim.moderator_name
            for line in lines
            if line.claim is not None and line.claim.is_of_another(moderator.id, now)
        }

    def start(
        self, lines: Sequence[ListItem], moderator: Decider, now: datetime, *, at: int | None = None
    ) -> tuple[int, dict[str, str]]:
        """Claim what comes next for a moderator who stands `at` a place (None: wherever is free).

        Return the place, and who looks at the other lines; who was faster by a moment is somebody.
        """
        others = self.others(lines, moderator, now)
        place = _first_free(lines, others) if at is None else at
        wanted = [line for line in lines[place:] if line.key not in others][:AHEAD]
        if all(_is_fresh(line.claim, moderator, now) for line in wanted):
            return place, others
        taken = self._claim([line.key for line in wanted], moderator, now)
        others |= {line.key: "" for line in wanted if line.key not in taken}
        return (_first_free(lines, others) if at is None else at), others

    def _claim(self, lines: Sequence[str], moderator: Decider, now: datetime) -> set[str]:
        try:
            return self.store.claim(lines, moderator, now)
        except StorageUnavailableError:  # a page is shown without its claims too
            return set(lines)


def _first_free(lines: Sequence[ListItem], others: Collection[str]) -> int:
    return next((at for at, line in enumerate(lines) if line.key not in others), 0)


def _is_fresh(claim: QueueClaim | None, moderator: Decider, now: datetime) -> bool:
    is_mine = claim is not None and claim.moderator_id == moderator.id
    return claim is not None and is_mine and claim.until >= now + FRESH
