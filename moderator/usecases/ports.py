"""What several use cases ask of their stores and of the way out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.queue import Job, Ticket
from moderator.domain.site import Site


class EventLog(Protocol):
    """What operators read: the name of an event, and facts as `key=value`."""

    def info(self, event: str, /, **facts: object) -> None: ...

    def info_each(self, event: str, facts: Sequence[Mapping[str, object]], /) -> None:
        """Many events of a kind at once, a line each."""
        ...

    def warning(self, event: str, /, **facts: object) -> None: ...

    def failure(self, event: str, error: BaseException, /, **facts: object) -> None:
        """What should not happen: with the error's traceback."""
        ...


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

    def fail(self, ticket: Ticket, error: BaseException, due_at: datetime) -> None:
        """Release the row; the error is logged with its job and submission."""
        ...

    def postpone(self, ticket: Ticket, until: datetime) -> None: ...

    def hand_back(self, tickets: Iterable[Ticket]) -> None: ...


class Courier(Protocol):
    """Signs and sends one callback. Never raises: no answer is a CallbackAnswer of status 0.

    `rest` is called after each drain: close connections that should not be kept.
    """

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer: ...

    async def rest(self) -> None: ...
