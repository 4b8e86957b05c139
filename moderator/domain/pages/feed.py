"""What anybody may read of a site that wants it so: the approved linkbacks of its pages."""

from dataclasses import dataclass, replace
from datetime import datetime

from moderator.domain.submission import Author, Submission
from moderator.domain.urls.parse import read

TIME_DIGITS = 12  # of an id, which begins with its milliseconds
AFTER = "f" * 16  # no id goes on so, so all of one number come before it


@dataclass(frozen=True, slots=True)
class Mention:
    """An approved linkback, as it is shown. `published` is None where nobody said when.

    `number` names it in a feed. It rises with time, and fits into a number of JavaScript until
    the year 2039. Addresses are ones that a browser opens from the web, or ''.
    """

    number: int
    protocol: str
    relation: str  # mention, reply, like, repost, bookmark
    source: str
    target: str
    title: str
    text: str
    author: Author
    received_at: datetime
    published: datetime | None


@dataclass(frozen=True, slots=True)
class FeedSlice:
    """Which part of a feed is wanted: in the order of arrival, or the newest first."""

    size: int = 20
    offset: int = 0
    since: int = 0  # only what has a higher number
    is_rising: bool = False


def mention_of(submission: Submission) -> Mention | None:
    """None for what is no linkback."""
    linkback = submission.linkback
    if linkback is None:
        return None
    return Mention(
        number=number_of(submission.id),
        protocol=str(submission.kind),
        relation=linkback.relation or "mention",
        source=_shown(linkback.source),
        target=linkback.target,
        title=linkback.source_title,
        text=submission.text,
        author=replace(submission.author, url=_shown(submission.author.url)),
        received_at=submission.received_at,
        published=None if submission.by_door else submission.created_at,
    )


def _shown(address: str) -> str:
    """What a page may link to; '' for what a browser would run or not open."""
    return address if read(address) else ""


def number_of(id_: str) -> int:
    """Milliseconds and twelve random bits of an id (domain/ids.py), without its version."""
    return int(id_[:TIME_DIGITS] + id_[TIME_DIGITS + 1 : TIME_DIGITS + 4], 16)


def last_id(number: int) -> str:
    """The highest id that has this number."""
    digits = f"{number:015x}"
    return f"{digits[:TIME_DIGITS]}7{digits[TIME_DIGITS:]}{AFTER}"
