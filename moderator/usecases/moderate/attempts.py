"""How often somebody may try to log in: nobody can use up the tries of somebody else.

1. A browser that this moderator logged in from before shows a mark, and has tries of its own.
2. Everybody else has some per address, and fewer per address and name. An IPv6 network of 64 bits
   counts as one address.
3. What all of them try together is slowed down and never locked: after a burst, one each second.

No name is ever counted over all addresses, for then strangers could lock it. What is refused does
not count, and is told how long to wait. Each process counts by itself, in bounded memory.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed
from math import ceil

from moderator.domain.errors import TooManyRequestsError
from moderator.domain.timing.token_bucket import Buckets
from moderator.domain.urls.addresses import network_of

TOO_MANY = "Too many attempts to log in"
PER_ADDRESS, PER_NAME = 20, 10  # tries a minute
STRANGERS_PER_SECOND, STRANGERS_BURST = 1.0, 120.0  # tries, from everywhere together
NONCE_BYTES = 16  # of a mark
MAC_HEX = 64


@dataclass(slots=True)
class AttemptLimiter:
    """Counts attempts in a sliding window; memory is bounded by forgetting the oldest keys."""

    limit: int
    window: timedelta = timedelta(minutes=1)
    max_keys: int = 10_000
    _attempts: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, key: str, now: datetime) -> None:
        """Raises TooManyRequestsError; a refused attempt does not count."""
        with self._lock:
            recent = [t for t in self._attempts.pop(key, []) if t > now - self.window]
            self._attempts[key] = recent
            if len(self._attempts) > self.max_keys:
                self._attempts.popitem(last=False)
            if len(recent) >= self.limit:
                wait = int((recent[0] + self.window - now).total_seconds()) + 1
                raise TooManyRequestsError(TOO_MANY, retry_after=wait)
            recent.append(now)


@dataclass(frozen=True, slots=True)
class LogInLimits:
    by_mark: AttemptLimiter = field(default_factory=lambda: AttemptLimiter(PER_NAME))
    by_address: AttemptLimiter = field(default_factory=lambda: AttemptLimiter(PER_ADDRESS))
    by_name: AttemptLimiter = field(default_factory=lambda: AttemptLimiter(PER_NAME))
    strangers: Buckets = field(
        default_factory=lambda: Buckets(STRANGERS_PER_SECOND, STRANGERS_BURST)
    )

    def enter_known(self, mark: str, now: datetime) -> None:
        """Count a try from a browser whose mark is right. Raises TooManyRequestsError."""
        self.by_mark.enter(_short(mark), now)

    def enter_stranger(self, name: str, address: str, now: datetime) -> None:
        """Count a try from anywhere else. Raises TooManyRequestsError."""
        network = network_of(address)
        self.by_address.enter(network, now)
        self.by_name.enter(f"{network} {_short(name)}", now)
        wait = self.strangers.take("", now.timestamp())
        if wait:
            raise TooManyRequestsError(TOO_MANY, retry_after=max(1, ceil(wait)))

    def enter_address(self, address: str, now: datetime) -> None:
        """Count the use of a one-time link. Raises TooManyRequestsError."""
        self.by_address.enter(network_of(address), now)


def new_mark(stored: str, nonce: bytes) -> str:
    """What a browser shows that somebody with the password hash `stored` logged in from.

    Whoever knows no hash can make none, and with a new password all of them are worth nothing.
    """
    return nonce.hex() + keyed(stored.encode(), nonce, "sha256").hex()


def is_mark(mark: str, stored: str) -> bool:
    """Whether `mark` was made for the password whose hash is `stored`."""
    if not stored or len(mark) != 2 * NONCE_BYTES + MAC_HEX or not mark.isascii():
        return False
    try:
        nonce = bytes.fromhex(mark[: 2 * NONCE_BYTES])
    except ValueError:
        return False
    return compare_digest(new_mark(stored, nonce), mark)


def _short(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
