"""Whether this service can do its work now: asked by load balancers and people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

SILENCE = timedelta(minutes=2)


class Pulse(Protocol):
    def workers_seen_at(self) -> datetime | None:
        """Return when a worker last gave a sign, None if never.

        Asks the database, so it raises StorageUnavailableError when that does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    pulse: Pulse

    def are_workers_alive(self, now: datetime) -> bool:
        """Raise StorageUnavailableError when the database does not answer."""
        seen = self.pulse.workers_seen_at()
        return seen is not None and now - seen <= SILENCE
