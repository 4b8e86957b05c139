"""Refills the near index from the database after Redis lost texts or was unreachable."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.ports import NearIndex
from moderator.domain.submission import Submission
from moderator.judgement.near.sketch import sketched

BATCH = 500  # submissions at a time


class RefillableIndex(NearIndex, Protocol):
    def gap(self) -> int | None: ...

    def hold(self, token: str) -> bool: ...

    def mended(self, token: str, gap: int) -> bool: ...


class SubmissionArchive(Protocol):
    def received_after(self, id_: str, limit: int) -> Sequence[Submission]:
        """The next submissions whose id is greater, in the order of their ids."""
        ...


@dataclass(frozen=True, slots=True)
class RefillNearIndex:
    archive: SubmissionArchive
    near: RefillableIndex
    new_token: Callable[[], str]
    stopping: threading.Event
    told: Callable[[int], object] = lambda _: None  # how many more were read

    def __call__(self) -> int:
        """Read again what the index lacks, oldest first; return how many submissions were read.

        One process does it at a time, by a lease (domain/queue.py: REFILL_LEASE). New submissions
        are added as always; exact copies are found in the database all along.
        """
        gap = self.near.gap()
        token = self.new_token()
        if gap is None or not self.near.hold(token):
            return 0
        after = f"{max(gap, 0):012x}"  # ids begin with their time
        count = 0
        while not self.stopping.is_set() and self.near.hold(token):
            page = self.archive.received_after(after, BATCH)
            if self.near.find_and_add(sketched([Facts(submission) for submission in page])) is None:
                break
            count += len(page)
            self.told(len(page))
            if len(page) < BATCH:
                self.near.mended(token, gap)
                break
            after = page[-1].id
        return count
