"""An event as it arrived, and the receipt that answers it: shared by intake, store and use case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.errors import ConflictError, FaultError, NotFoundError
from moderator.domain.submission import Submission
from moderator.domain.verdict import QUEUED


class Event(StrEnum):
    CREATED = "comment.created"
    UPDATED = "comment.updated"
    DELETED = "comment.deleted"
    REPORTED = "comment.reported"
    STATUS_CHANGED = "comment.status_changed"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as it came in.

    `key` marks a repeat ('' if nothing does), `second_key` is another mark of the same request.
    `digest` covers what was said, the kind of event included: the same key with another digest is
    a contradiction. `timestamp` is the sender's time of the event, None if it gave none.
    `has_content` says whether the event would do as a `created`. `rechecks`: a repeat asks for a
    new look at what is known.
    """

    event: Event
    submission: Submission
    digest: str
    key: str = ""
    second_key: str = ""
    timestamp: datetime | None = None
    has_content: bool = True
    rechecks: bool = False

    @property
    def happened_at(self) -> datetime:
        return self.timestamp or self.submission.received_at

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in (self.key, self.second_key) if key)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is answered: our id, whether anything was stored by this, and `queued` or `erased`."""

    id: str
    is_new: bool
    status: str = QUEUED


Answer = Receipt | ConflictError | NotFoundError | FaultError
