"""Hides keys of people: what is stored is a hash under a key of the installation's own.

A plain digest of an address is found again by trying all addresses; one under a key that only the
installation has is not (HMAC-SHA-256, RFC 2104, cut to 128 bits). The key is a row of its own, made
by the migration, so that all processes of all machines have the same.
"""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection, text

from moderator.domain.errors import StorageCause, StorageUnavailableError

SIGN = "h"  # no digest begins so: what is masked already stays as it is
DIGITS = 32
READ = text("SELECT value FROM hash_keys WHERE name = 'people'")


def masked(secret: bytes, key: str) -> str:
    """The keyed hash of a digest, '' of ''; of what is one already the same."""
    if not key or key.startswith(SIGN):
        return key
    return SIGN + hmac.digest(secret, key.encode(), "sha256").hex()[:DIGITS]


class Masking:
    """Masks digests (domain/content/fingerprint.py); the key is read once, when it is needed."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read
        self._secret = b""

    def __call__(self, key: str) -> str:
        """Raises StorageUnavailableError."""
        if not self._secret:
            with self._read() as connection:
                found = connection.execute(READ).scalar()
            if not found:
                raise StorageUnavailableError(cause=StorageCause.SCHEMA)
            self._secret = bytes(found)
        return masked(self._secret, key)
