"""Moderators note beside a submission what the next one should know; the blog is not told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.errors import InvalidError
from moderator.domain.ids import new_id
from moderator.domain.pages.dashboard import ListItem, Note
from moderator.domain.verdict import Decider

LONGEST = 1_000  # characters of a note


class NoteStore(Protocol):
    def add(self, note: Note, site_id: str) -> None:
        """Raises NotFoundError where the submission was erased meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class WriteNote:
    store: NoteStore
    entropy: Callable[[int], bytes]

    def __call__(self, line: ListItem, words: str, by: Decider, *, now: datetime) -> Note:
        """Keep a note about what a line of a list shows. Raises InvalidError, NotFoundError."""
        words = "".join(one for one in words if one.isprintable() or one == "\n").strip()
        if not 0 < len(words) <= LONGEST:
            raise InvalidError(f"A note has 1 to {LONGEST} characters")
        note = Note(new_id(now, self.entropy(10)), line.id, by, words, now)
        self.store.add(note, line.site_id)
        return note
