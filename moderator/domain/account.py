"""Who may look and decide: moderators, what they may see, and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"


# The ids of the sites somebody may see; None means every site.
Scope = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person with an account. `sites` counts only for the role moderator."""

    id: str
    name: str
    role: Role = Role.MODERATOR
    sites: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        return None if self.role is Role.ADMIN else self.sites


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in in one browser. `csrf` must come back with every form."""

    moderator: Moderator
    csrf: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A moderator as an operator sees one; `disabled_at` is set for who may not log in any more."""

    moderator: Moderator
    has_password: bool
    sessions: int = 0
    disabled_at: datetime | None = None
