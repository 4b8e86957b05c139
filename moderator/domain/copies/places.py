"""The place of a submission: one author under one post and parent, or one source for one target.

Copies are looked for among the submissions at the same place.
"""

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
    """Look up siblings of `id` at its place; `within` bounds the distance in time."""

    id: str
    site_id: str
    place_key: str
    at: datetime
    within: timedelta | None


def copy_place(stored: StoredSubmission) -> CopyPlace:
    """Of a linkback without a bound in time; of a comment within COPY_WINDOW."""
    it = stored.submission
    within = COPY_WINDOW if it.linkback is None else None
    return CopyPlace(it.id, it.site_id, stored.place_key, it.created_at, within)


def with_words(sibling: Sibling, facts: Facts) -> Sibling:
    """The sibling with its words, by which those at the same place are compared."""
    linkback = facts.submission.linkback
    protocol = "" if linkback is None else linkback.protocol
    return replace(sibling, words=facts.words, said=facts.said, protocol=protocol)
