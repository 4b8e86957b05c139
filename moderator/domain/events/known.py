"""What is known of a comment when an event about it comes in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.content.fingerprint import digest
from moderator.domain.submission import Submission
from moderator.domain.verdict import ERASED, QUEUED, DeciderKind

MAX_DIGITS = 18  # of a version that is compared as a number


class State(StrEnum):
    """Where a comment stands, as far as events care; the values are the words of the docs."""

    UNKNOWN = "unknown"
    QUEUED = "queued"
    RULED = "decided by rule"
    APPROVED = "approved by a person"
    HELD = "held by a person"
    REFUSED = "refused by a person"
    ERASED = "erased"


OF_PERSON = {"approved": State.APPROVED, "hold": State.HELD}


@dataclass(frozen=True, slots=True)
class EventTime:
    """When an event happened: the blog's version of the comment, and the time of the event."""

    version: str
    at: datetime

    def is_before(self, other: "EventTime") -> bool:
        """By version where both are numbers that differ, else by time; equal ones are not."""
        mine, theirs = _number(self.version), _number(other.version)
        if mine is not None and theirs is not None and mine != theirs:
            return mine < theirs
        return self.at < other.at


@dataclass(frozen=True, slots=True)
class KnownComment:
    """A stored submission without its words; see storage/schema/tables.py for what is what.

    `content` identifies the words (`content_digest`), `edited` marks the latest event that brought
    some, `decided` the latest decision at the blog.
    """

    id: str
    status: str
    decided_by: str = ""
    sequence: int = 0
    content_version: int = 1
    content: str = ""
    duplicate_of: str = ""
    is_linkback: bool = False
    reports: int = 0
    listed_version: int = 0
    edited: EventTime | None = None
    decided: EventTime | None = None

    @property
    def state(self) -> State:
        if self.status == ERASED:
            return State.ERASED
        if self.status == QUEUED:
            return State.QUEUED
        if not DeciderKind(self.decided_by or "rule").is_person:
            return State.RULED
        return OF_PERSON.get(self.status, State.REFUSED)


def state_of(known: KnownComment | None) -> State:
    return State.UNKNOWN if known is None else known.state


def content_digest(submission: Submission) -> str:
    """A key of what the author wrote and signed: when it changes there is a new version."""
    author, linkback = submission.author, submission.linkback
    parts = [submission.kind, submission.format, author.name, author.email, author.url]
    if linkback is not None:
        parts += [linkback.source, linkback.target, linkback.source_title, linkback.excerpt]
    return digest("\0".join([*parts, submission.content]))


def _number(version: str) -> int | None:
    is_number = version.isascii() and version.isdigit() and len(version) <= MAX_DIGITS
    return int(version) if is_number else None
