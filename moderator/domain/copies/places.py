"""Where one hand may have sent a thing twice: what is looked up there, and what is told of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderator.domain.check import Sibling
from moderator.domain.content.facts import Facts
from moderator.domain.queue import StoredSubmission

COPY_WINDOW = timedelta(days=1)  # within which a hand may have sent a comment twice
MAX_AT_PLACE = (
    8  # before and after one that are looked at, however many there are: the closest in time
)


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """Who asks (`id`) for what stands at its place; `within` bounds the time, None: any time."""

    id: str
    site_id: str
    place_key: str
    at: datetime
    within: timedelta | None


def copy_place(stored: StoredSubmission) -> CopyPlace:
    """A source speaks for a target once, a hand may say the same again another day."""
    it = stored.submission
    within = COPY_WINDOW if it.linkback is None else None
    return CopyPlace(it.id, it.site_id, stored.place_key, it.created_at, within)


def with_words(sibling: Sibling, facts: Facts) -> Sibling:
    """The sibling with what it says, which those at the same place are compared by."""
    linkback = facts.submission.linkback
    protocol = "" if linkback is None else linkback.protocol
    return replace(sibling, words=facts.words, said=facts.said, protocol=protocol)
