"""How a callback is signed, an event verified: Standard Webhooks (standardwebhooks.com); and keys.

The PyPI library `standardwebhooks` serves our tests as the second opinion, not the product: it
reads the clock itself, takes `float()` for a timestamp (Arabic digits, `nan`), raises ValueError or
binascii.Error for a signature header without a comma or with broken base64, decodes the body to
text, and knows one secret, while rotation needs two.
"""

import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest

from moderator.domain.errors import SettingsError, UnauthenticatedError
from moderator.domain.site import Secret

TOLERANCE = 300  # seconds, either way
SECRET_PREFIX = "whsec_"  # noqa: S105 (a marker, not a secret)
KEY_PREFIX = "mod_"
SHOWN = 12  # how much of a key people may see

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
HEADERS = (ID, TIMESTAMP, SIGNATURE)

# Several signatures are separated by one space; one that we do not know (v1a) is stepped over.
SIGNATURES = re.compile(r"v[0-9]+[a-z]?,[A-Za-z0-9+/=_-]+(?: v[0-9]+[a-z]?,[A-Za-z0-9+/=_-]+)*")
MAX_SIGNATURES = 2000  # characters
SECONDS = re.compile(r"[0-9]{1,12}")
MESSAGE_ID = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A bearer key: `value` is shown once, `prefix` to people, `digest` is what is stored."""

    value: str
    prefix: str
    digest: str


def new_api_key(entropy: bytes) -> ApiKey:
    """Make a key of `entropy` (32 random bytes)."""
    value = KEY_PREFIX + urlsafe_b64encode(entropy).decode().rstrip("=")
    return ApiKey(value, value[:SHOWN], key_digest(value))


def key_digest(value: str) -> str:
    """SHA-256 in hex. A key holds 256 random bits, so a slow hash would add nothing."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def new_door_key(entropy: bytes) -> str:
    """Make a key for Akismet clients of `entropy` (6 random bytes): exactly 12 hex digits.

    48 bits are no secret to who can try them offline, so no digest would hide one.
    """
    return entropy.hex()


def new_secret(entropy: bytes) -> str:
    """Make a signing secret of `entropy` (24 to 64 random bytes)."""
    return SECRET_PREFIX + b64encode(entropy).decode()


def verify(
    headers: Mapping[str, str], body: bytes, *, secrets: Iterable[Secret], now: datetime
) -> str:
    """Return the message id of a request signed with one of `secrets` that is valid at `now`.

    Raises UnauthenticatedError, always with the same words for a signature that does not match.
    """
    message_id, stamp, given = (headers.get(name, "") for name in HEADERS)
    if not MESSAGE_ID.fullmatch(message_id):
        raise UnauthenticatedError(f"{ID} is missing or not printable ASCII")
    if not SECONDS.fullmatch(stamp):
        raise UnauthenticatedError(f"{TIMESTAMP} is missing or not a number of seconds")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise UnauthenticatedError(f"{TIMESTAMP} is more than {TOLERANCE} seconds away")
    if len(given) > MAX_SIGNATURES or not SIGNATURES.fullmatch(given):
        raise UnauthenticatedError(f"{SIGNATURE} is missing or malformed")
    signed = f"{message_id}.{stamp}.".encode() + body
    offered = given.split(" ")
    for secret in secrets:
        if is_valid(secret, now):
            ours = _signature(secret.value, signed)
            if any(compare_digest(ours, theirs) for theirs in offered):
                return message_id
    raise UnauthenticatedError("The signature does not match")


def sign(
    message_id: str, body: bytes, *, secrets: Iterable[Secret], now: datetime
) -> dict[str, str]:
    """Return the headers for `body`, signed with each secret valid at `now` (two in a rotation)."""
    stamp = str(int(now.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = [_signature(secret.value, signed) for secret in secrets if is_valid(secret, now)]
    return {ID: message_id, TIMESTAMP: stamp, SIGNATURE: " ".join(signatures)}


def is_valid(secret: Secret, now: datetime) -> bool:
    """Whether the secret counts now; one that was rotated away does until `expires_at`."""
    return secret.expires_at is None or now < secret.expires_at


def _signature(secret: str, signed: bytes) -> str:
    return "v1," + b64encode(digest(_key(secret), signed, "sha256")).decode()


@lru_cache(maxsize=1024)
def _key(secret: str) -> bytes:
    text = secret.removeprefix(SECRET_PREFIX)
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (Base64Error, ValueError) as error:
        raise SettingsError("A webhook secret is not base64") from error
    if not key:
        raise SettingsError("A webhook secret is empty")
    return key
