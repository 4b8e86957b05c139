"""Owners look after who may log in; everybody looks after their own password and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Account, Moderator, Role, SeenSession
from moderator.domain.errors import ConflictError, InvalidError, UnauthenticatedError
from moderator.usecases.moderate.sign_in import SignIn, digest, must_be_long

NO_SITES = "Without a site they would see nothing"
YOURSELF = "Nobody does this to themselves: ask another owner"
WRONG = "This is not your password as it is now"


class StaffStore(Protocol):
    """Names are those that people log in with."""

    def all(self, now: datetime) -> list[Account]: ...

    def assign(self, name: str, role: Role, site_ids: Sequence[str]) -> None:
        """Raises NotFoundError; ConflictError for the last owner who can log in."""
        ...

    def disable(self, name: str, now: datetime) -> None:
        """Raises NotFoundError; ConflictError for the last owner who can log in."""
        ...

    def enable(self, name: str) -> None: ...

    def end_sessions(self, name: str, now: datetime) -> int: ...

    def password_of(self, moderator_id: str) -> str: ...

    def set_password(self, moderator_id: str, password: str, *, keep: str) -> None:
        """Set a hash, and end all sessions but the one with the digest `keep`."""
        ...

    def sessions_of(self, moderator_id: str, now: datetime) -> list[SeenSession]: ...

    def end_session(self, moderator_id: str, handle: str) -> None: ...

    def end_other_sessions(self, moderator_id: str, *, keep: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ManagePeople:
    """What owners do. Raises NotFoundError for a name that nobody has."""

    store: StaffStore
    sign_in: SignIn

    def all(self, now: datetime) -> list[Account]:
        return self.store.all(now)

    def sessions(self, moderator: Moderator, now: datetime) -> list[SeenSession]:
        return self.store.sessions_of(moderator.id, now)

    def invite(self, name: str, role: Role, sites: tuple[str, ...], *, now: datetime) -> str:
        """The token of a one-time link. Raises InvalidError, ConflictError for a name taken."""
        _must_see(role, sites)
        return self.sign_in.invite(name, role, () if role is Role.OWNER else sites, now=now)

    def renew(self, name: str, *, now: datetime) -> str:
        """The token of a new one-time link, for who has lost the password."""
        return self.sign_in.renew(name, now=now)

    def assign(self, name: str, role: Role, sites: tuple[str, ...], by: Moderator) -> None:
        """Raises InvalidError; ConflictError for oneself and for the last owner."""
        _must_see(role, sites)
        _must_be_another(name, by)
        self.store.assign(name, role, sites)

    def disable(self, name: str, by: Moderator, now: datetime) -> None:
        """Raises ConflictError for oneself and for the last owner."""
        _must_be_another(name, by)
        self.store.disable(name, now)

    def enable(self, name: str) -> None:
        self.store.enable(name)

    def log_out(self, name: str, now: datetime) -> int:
        """End all sessions; return how many."""
        return self.store.end_sessions(name, now)


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What everybody does with their own account; `value` is the cookie of the session at hand."""

    store: StaffStore
    sign_in: SignIn

    def sessions(self, moderator: Moderator, value: str, now: datetime) -> list[SeenSession]:
        """The one at hand first."""
        found = self.store.sessions_of(moderator.id, now)
        return sorted(found, key=lambda one: not digest(value).startswith(one.handle))

    def end(self, moderator: Moderator, handle: str) -> None:
        self.store.end_session(moderator.id, handle)

    def end_others(self, moderator: Moderator, value: str) -> None:
        self.store.end_other_sessions(moderator.id, keep=digest(value))

    def change_password(
        self, moderator: Moderator, value: str, *, current: str, new: str, now: datetime
    ) -> None:
        """Set another password, and end all other sessions.

        Raises UnauthenticatedError for a wrong one, InvalidError for one that is too short,
        TooManyRequestsError.
        """
        must_be_long(new)
        self.sign_in.limits.enter_known(value, now)
        stored = self.store.password_of(moderator.id)
        if not self.sign_in.passwords.verify(stored, current):
            raise UnauthenticatedError(WRONG)
        hashed = self.sign_in.passwords.hash(new)
        self.store.set_password(moderator.id, hashed, keep=digest(value))


def _must_see(role: Role, sites: Sequence[str]) -> None:
    if role is not Role.OWNER and not sites:
        raise InvalidError(NO_SITES)


def _must_be_another(name: str, by: Moderator) -> None:
    if name == by.name:
        raise ConflictError(YOURSELF)
