"""What owners and operators did: who let whom in, changed roles, secrets, settings and rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from moderator.domain.verdict import Decider, DeciderKind

LINES_PER_PAGE = 50
MAX_DETAIL = 300  # characters
# Who has the machine; whose name is there, nobody asks.
OPERATOR = Decider(DeciderKind.MODERATOR, "operator", "operator")


class AuditAct(StrEnum):
    """What somebody did, in one word."""

    INVITED = "invited"
    LINKED = "linked"  # a new one-time link
    ASSIGNED = "assigned"  # a role and sites
    DISABLED = "disabled"
    ENABLED = "enabled"
    LOGGED_OUT = "logged_out"
    ROTATED = "rotated"  # secret and key of a site
    KEY_MADE = "key_made"  # for Akismet clients
    SITE_ADDED = "site_added"
    SITE_CHANGED = "site_changed"
    SITE_REMOVED = "site_removed"
    THRESHOLDS = "thresholds"
    RULE = "rule"  # made, moved, changed or taken back
    IMPORTED = "imported"  # a history
    ERASED = "erased"  # what a site had of an author
    SENT_AGAIN = "sent_again"  # callbacks that were given up
    FORGOT = "forgot"  # what a site taught


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`about` is whom or what it was done to, `detail` what it became. Never a secret."""

    at: datetime
    by: Decider
    act: AuditAct
    about: str = ""
    site_id: str = ""
    detail: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is looked for; an empty field asks nothing. Days are those of UTC, both included."""

    who: str = ""  # id of who did it
    act: str = ""
    site: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest first; `older` is the number of the last where there are more, else 0."""

    lines: Sequence[AuditLine]
    older: int = 0
