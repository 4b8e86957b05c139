"""Who looks at a line of the queue right now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class QueueClaim:
    """A courtesy, not a lock: whoever opens a line may decide about it."""

    moderator_id: str
    moderator_name: str
    until: datetime

    def is_of_another(self, moderator_id: str, now: datetime) -> bool:
        return self.moderator_id != moderator_id and self.until > now
