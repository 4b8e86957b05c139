"""A blog that is asked what happened, for it does not tell: how far we read, what we compare."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next round goes on: in the list of what is on hold there, among what we know of
    late, and among what we hold.
    """

    held_offset: int = 0
    recent_id: str = ""
    held_at: int = 0
    held_id: str = ""


@dataclass(frozen=True, slots=True)
class PolledComment:
    """A comment that we know, as far as a poll cares: `digest` identifies its words."""

    digest: str
    status: str


@dataclass(frozen=True, slots=True)
class WatchedComment:
    """One whose status at the blog is looked at: `given` is what the blog was given, or had."""

    id: str
    platform_id: str
    status: str
    given: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of a round: where the next goes on, when, and what went wrong ('': nothing).

    No `place` says that the site is not polled any more.
    """

    place: Place | None = None
    next_at: datetime | None = None
    error: str = ""
