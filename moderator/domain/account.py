"""Who may look and decide: people, what each role may do, what they may see, and their sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Right(StrEnum):
    """What a form may ask for."""

    OWN = "own"  # see to oneself: password, language, sessions
    DECIDE = "decide"  # about what the sites sent, and write notes
    MANAGE = "manage"  # people, sites and their secrets


class Role(StrEnum):
    """An owner sees every site; the others see those that were named for them."""

    OWNER = "owner"
    MODERATOR = "moderator"
    VIEWER = "viewer"

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self]


RIGHTS = {
    Role.OWNER: frozenset(Right),
    Role.MODERATOR: frozenset({Right.OWN, Right.DECIDE}),
    Role.VIEWER: frozenset({Right.OWN}),
}

# The ids of the sites somebody may see; None means every site.
Scope = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person with an account. `sites` counts for all but owners."""

    id: str
    name: str
    role: Role = Role.MODERATOR
    sites: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        return None if self.role is Role.OWNER else self.sites


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in in one browser. `csrf` must come back with every form.

    `address` and `agent` are where it was opened from, and how that browser names itself.
    """

    moderator: Moderator
    csrf: str
    created_at: datetime
    expires_at: datetime
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session as people see it: `handle` names it, and opens nothing."""

    handle: str
    created_at: datetime
    expires_at: datetime
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A person as an owner sees one; `disabled_at` is set for who may not log in any more."""

    moderator: Moderator
    has_password: bool
    sessions: int = 0
    disabled_at: datetime | None = None
