"""What came in at a door, and what is answered: shared by intake, the store and the use case."""

from dataclasses import dataclass
from enum import StrEnum

from moderator.domain.submission import Submission


class Event(StrEnum):
    CREATED = "comment.created"
    UPDATED = "comment.updated"
    DELETED = "comment.deleted"
    REPORTED = "comment.reported"
    STATUS_CHANGED = "comment.status_changed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as it came in.

    `key` is the idempotency key ('' if none was sent), `digest` identifies the content: the same
    key or the same platform id with another digest is a contradiction. `rechecks`: a repeat asks
    for a new look at what is known.
    """

    event: Event
    submission: Submission
    digest: str
    key: str = ""
    rechecks: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is answered: our id, and whether this is the first time we saw it."""

    id: str
    is_new: bool
