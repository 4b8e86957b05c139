"""The log: what was decided and noted, by whom, about what, and how the blog was told."""

from dataclasses import dataclass
from datetime import date, datetime

from moderator.domain.pages.dashboard import Judgement, ListItem, Note
from moderator.domain.verdict import Decider, DeciderKind

NOTES = "note"  # where a verdict is named: what people wrote
PEOPLE = "people"  # where somebody is named: everybody who has an account
SERVICE, BLOG = "service", "blog"


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is looked for in the log; what is '' or None is not asked.

    `who` is PEOPLE, SERVICE, BLOG or a moderator's id, `what` a verdict or NOTES. Days are UTC,
    both included.
    """

    who: str = ""
    what: str = ""
    site: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_plain(self) -> bool:
        return self == LogQuery()

    @property
    def wants_notes(self) -> bool:
        return self.what in ("", NOTES) and self.who not in (SERVICE, BLOG)

    @property
    def wants_decisions(self) -> bool:
        return self.what != NOTES

    def is_by(self, by: Decider) -> bool:
        """Whether this is who is asked for."""
        match self.who:
            case "":
                return True
            case "people":
                return by.kind is DeciderKind.MODERATOR
            case "blog":
                return by.kind is DeciderKind.BLOG
            case "service":
                return not by.kind.is_person
            case _:
                return by.kind is DeciderKind.MODERATOR and by.id == self.who


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log: a decision with its callbacks, or a note; and what it is about."""

    id: str
    at: datetime
    line: ListItem
    judgement: Judgement | None = None
    note: Note | None = None

    @property
    def is_standing(self) -> bool:
        """Whether this decision is the latest about it."""
        judgement = self.judgement
        return judgement is not None and judgement.recorded.sequence == self.line.sequence


@dataclass(frozen=True, slots=True)
class LogPage:
    """`is_partial` says that not all was looked at: there may be more from `older` on."""

    entries: tuple[LogEntry, ...]
    older: str = ""
    is_partial: bool = False
