"""Let moderators in: one-time link, password, session.

In this order, because hashing a password costs 64 MiB and a quarter of a second:
1. count the attempt (attempts.py); too many are refused before anything is hashed;
2. take one of few hashing places; when all are taken, refuse at once, so intake keeps its threads;
3. hash and compare, for unknown names too, so that the answer tells nothing;
4. open a new session with a fresh random value; only its SHA-256 is stored.
"""

import threading
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from moderator.domain.account import Moderator, Role, Session
from moderator.domain.errors import (
    FieldError,
    InvalidError,
    NotFoundError,
    TooManyRequestsError,
    UnauthenticatedError,
)
from moderator.domain.ids import new_id
from moderator.usecases.moderate.attempts import NONCE_BYTES, LogInLimits, is_mark, new_mark

LINK_LIFETIME = timedelta(hours=24)
IDLE_LIFETIME = timedelta(hours=12)  # a session that rests longer is over
SESSION_LIFETIME = timedelta(days=7)  # no session lives longer
EXTEND_AFTER = timedelta(minutes=5)  # how often a used session is written
MIN_PASSWORD, MAX_PASSWORD = 12, 256
MAX_NAME_CHARACTERS = 64
MAX_AGENT = 200  # characters of what a browser says of itself
REFUSED = "This name and password do not belong together"
GONE = "This link was used already, or it is too old. Ask for a new one"

Entropy = Callable[[int], bytes]


class AccountStore(Protocol):
    def add(self, moderator: Moderator, now: datetime) -> None:
        """Raises ConflictError when the name is taken, NotFoundError for an unknown site."""
        ...

    def by_name(self, name: str) -> tuple[Moderator, str] | None:
        """The moderator and the password hash ('' until one was set); None also when disabled."""
        ...

    def is_staffed(self) -> bool:
        """Whether any moderator can log in: has set a password and is not disabled."""
        ...

    def add_link(self, moderator_id: str, digest: str, expires_at: datetime) -> None: ...

    def link_owner(self, digest: str, now: datetime) -> Moderator | None: ...

    def redeem(self, digest: str, password: str, now: datetime) -> Moderator | None:
        """Use up the link, set the password and end all sessions, in one transaction."""
        ...

    def open_session(self, digest: str, session: Session) -> None:
        """Store the session, and drop those that have expired."""
        ...

    def session(self, digest: str, now: datetime) -> Session | None: ...

    def extend(self, digest: str, expires_at: datetime) -> None: ...

    def close_session(self, digest: str) -> None: ...


class Passwords:
    """argon2id with a bounded number of hashes at a time."""

    def __init__(self, hasher: PasswordHasher | None = None, *, places: int = 2) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
        self._places = threading.BoundedSemaphore(places)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        with self._place():
            return self._hasher.hash(unicodedata.normalize("NFKC", password))

    def verify(self, stored: str, password: str) -> bool:
        """Costs the same when there is nothing to compare with (`stored` empty)."""
        with self._place():
            try:
                given = unicodedata.normalize("NFKC", password)
                self._hasher.verify(stored or self._nobody, given)
            except (VerificationError, InvalidHashError):
                return False
            return bool(stored)

    def _place(self) -> "_Place":
        return _Place(self._places)


class _Place:
    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise TooManyRequestsError("Too many people log in just now", retry_after=1)

    def __exit__(self, *_: object) -> None:
        self._places.release()


def digest(value: str) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def must_be_long(password: str) -> None:
    """Raises InvalidError."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        problem = FieldError("/password", f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")
        raise InvalidError(f"Please use {MIN_PASSWORD} characters or more", (problem,))


def is_name(name: str) -> bool:
    """Whether a moderator may be called so: short, and nothing invisible in it."""
    return 0 < len(name) <= MAX_NAME_CHARACTERS and name.isprintable() and name == name.strip()


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A fresh session and the cookie value that stands for it; the value is stored nowhere.

    `mark` tells from now on that this moderator has used this browser (attempts.py).
    """

    value: str
    session: Session
    mark: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Invites moderators, sets passwords, opens and ends sessions."""

    store: AccountStore
    passwords: Passwords
    entropy: Entropy
    limits: LogInLimits = field(default_factory=LogInLimits)

    def invite(self, name: str, role: Role, sites: tuple[str, ...], *, now: datetime) -> str:
        """Create a moderator and return the token of a one-time link."""
        if not is_name(name):
            problem = FieldError("/name", f"1 to {MAX_NAME_CHARACTERS} printable characters")
            raise InvalidError("This name cannot be used", (problem,))
        moderator = Moderator(new_id(now, self.entropy(10)), name, role, sites)
        self.store.add(moderator, now)
        return self._new_link(moderator, now)

    def first(self, name: str, *, now: datetime) -> str:
        """A one-time link for the first owner; '' when somebody can log in already."""
        if self.store.is_staffed():
            return ""
        if self.store.by_name(name) is not None:
            return self.renew(name, now=now)
        return self.invite(name, Role.OWNER, (), now=now)

    def renew(self, name: str, *, now: datetime) -> str:
        """Return the token of a new one-time link for an existing moderator."""
        known = self.store.by_name(name)
        if known is None:
            raise NotFoundError(f"There is no moderator named {name} who may log in")
        return self._new_link(known[0], now)

    def invited(self, token: str, *, address: str, now: datetime) -> Moderator:
        """Whose one-time link this is. Raises NotFoundError when it is used up or too old."""
        self.limits.enter_address(address, now)
        moderator = self.store.link_owner(digest(token), now)
        if moderator is None:
            raise NotFoundError(GONE)
        return moderator

    def choose_password(
        self, token: str, password: str, *, address: str, agent: str = "", now: datetime
    ) -> OpenedSession:
        """Use up the one-time link: set the password and log in."""
        self.invited(token, address=address, now=now)
        must_be_long(password)
        stored = self.passwords.hash(password)
        moderator = self.store.redeem(digest(token), stored, now)
        if moderator is None:
            raise NotFoundError(GONE)
        return self._open(moderator, stored, now, (address, agent))

    def log_in(  # who, and from where
        self,
        name: str,
        password: str,
        *,
        address: str,
        agent: str = "",
        now: datetime,
        mark: str = "",
    ) -> OpenedSession:
        """Log in; `mark` is what an earlier log-in left in this browser.

        Raises UnauthenticatedError, with one message for every reason; TooManyRequestsError.
        """
        known = self.store.by_name(name) if is_name(name) else None
        stored = known[1] if known is not None else ""
        if is_mark(mark, stored):
            self.limits.enter_known(mark, now)
        else:
            self.limits.enter_stranger(name, address, now)
        is_right = self.passwords.verify(stored, password[:MAX_PASSWORD])
        if known is None or not is_right:
            raise UnauthenticatedError(REFUSED)
        return self._open(known[0], stored, now, (address, agent))

    def session(self, value: str, *, now: datetime) -> Session | None:
        """The session that a cookie value stands for; using it keeps it alive."""
        key = digest(value)
        session = self.store.session(key, now)
        if session is None:
            return None
        later = min(now + IDLE_LIFETIME, session.created_at + SESSION_LIFETIME)
        if later - session.expires_at > EXTEND_AFTER:
            self.store.extend(key, later)
        return session

    def log_out(self, value: str) -> None:
        self.store.close_session(digest(value))

    def _new_link(self, moderator: Moderator, now: datetime) -> str:
        token = self._random()
        self.store.add_link(moderator.id, digest(token), now + LINK_LIFETIME)
        return token

    def _open(
        self, moderator: Moderator, stored: str, now: datetime, place: tuple[str, str]
    ) -> OpenedSession:
        address, agent = place
        value = self._random()
        session = Session(
            moderator, self._random(), now, now + IDLE_LIFETIME, address, agent[:MAX_AGENT]
        )
        self.store.open_session(digest(value), session)
        return OpenedSession(value, session, new_mark(stored, self.entropy(NONCE_BYTES)))

    def _random(self) -> str:
        return urlsafe_b64encode(self.entropy(32)).rstrip(b"=").decode()
