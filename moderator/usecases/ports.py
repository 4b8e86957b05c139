"""What several use cases ask of their stores."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.queue import Job, Ticket


class WorkQueue(Protocol):
    def now(self) -> datetime: ...

    def claim(
        self,
        job: Job,
        limit: int,
        *,
        token: str,
        lease: timedelta,
        without_sites: Sequence[str] = (),
    ) -> list[Ticket]: ...

    def release(self, ticket: Ticket, due_at: datetime) -> None: ...

    def postpone(self, ticket: Ticket, until: datetime) -> None: ...

    def hand_back(self, tickets: Iterable[Ticket]) -> None: ...
