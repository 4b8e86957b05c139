"""What the database says about the service's health."""

from dataclasses import dataclass, field
from datetime import datetime

from moderator.domain.queue import Job


@dataclass(frozen=True, slots=True)
class PollReport:
    """How the polls of a blog fare: the last that went well, and why the last one did not."""

    site_id: str
    polled_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the database says about the service."""

    engine: str
    is_current: bool
    sites: int = 0
    moderators: int = 0
    waiting: dict[Job, int] = field(default_factory=dict)
    oldest_due: dict[Job, datetime] = field(default_factory=dict)
    dead_letters: int = 0
    seen_at: dict[str, datetime] = field(default_factory=dict)  # by kind of process
    polls: tuple[PollReport, ...] = ()
