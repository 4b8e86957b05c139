"""How a callback is signed, an event verified: by the profile of a site; and keys.

`standard` is Standard Webhooks (standardwebhooks.com): id, time and body are signed. `body-hex`
signs the body alone, in hex, in a header that the site names (Coral, Discourse, Hyvor, GitHub);
`body-secret` writes the secret into the body (webmention.io); `bearer` sends it beside.

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
from json import dumps

from moderator.domain.errors import InvalidError, SettingsError, UnauthenticatedError
from moderator.domain.site import Secret, SignatureProfile, Site

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
# No full stop: `a.1` at 2 and `a` at 1 with a body that begins with `2.` would be signed alike.
MESSAGE_ID = re.compile(r"[!-\-/-~]{1,255}")
HEX = re.compile(r"(?:sha256=)?([0-9a-fA-F]{64})")
MAX_HEX = 10  # signatures beside each other: one for each secret that counts
OWN_SECRET = re.compile(r"[!-~]{8,255}")
NO_MATCH = "The signature does not match"


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


def new_client_key(entropy: bytes) -> str:
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
        raise UnauthenticatedError(f"{ID} is not 1 to 255 printable ASCII characters without '.'")
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
    raise UnauthenticatedError(NO_MATCH)


def verify_hex(given: str, body: bytes, *, secrets: Iterable[Secret], now: datetime) -> str:
    """Return an id for a body that one of `secrets` signed: the same body has the same id, for
    nothing in it tells a repeat from a second message. An empty one proves nothing: its signature
    would open whatever is only read. Raises UnauthenticatedError.
    """
    if not body:
        raise UnauthenticatedError("Only what has a body is signed so")
    found = [HEX.fullmatch(part.strip()) for part in given.split(",", MAX_HEX)[:MAX_HEX]]
    offered = [match[1].lower() for match in found if match]
    if not offered:
        raise UnauthenticatedError("The signature is missing or no SHA-256 in hex")
    for secret in secrets:
        if is_valid(secret, now):
            ours = _hex(secret.value, body)
            if any(compare_digest(ours, theirs) for theirs in offered):
                return body_id(body)
    raise UnauthenticatedError(NO_MATCH)


def verify_secret(given: str, body: bytes, *, secrets: Iterable[Secret], now: datetime) -> str:
    """The same where the secret itself was sent, in or beside `body`."""
    theirs = key_digest(given)
    valid = [secret for secret in secrets if is_valid(secret, now)]
    # Of equal length whatever was sent, so that the time tells nothing.
    if any([compare_digest(key_digest(secret.value), theirs) for secret in valid]):  # noqa: C419
        return body_id(body)
    raise UnauthenticatedError("The secret is missing or not the site's")


def body_id(body: bytes) -> str:
    """The id of a message that brings none."""
    return f"sha256:{sha256(body).hexdigest()}"


def judge_secret(profile: SignatureProfile, secret: str) -> None:
    """Raises InvalidError for one that the profile cannot use."""
    if not OWN_SECRET.fullmatch(secret):
        raise InvalidError("A secret is 8 to 255 printable ASCII characters, without blanks")
    if profile is SignatureProfile.STANDARD:
        try:
            is_usable = secret.startswith(SECRET_PREFIX) and bool(_key(secret))
        except SettingsError:
            is_usable = False
        if not is_usable:
            raise InvalidError(f"A secret of {profile} is {SECRET_PREFIX} and base64")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sent: the headers, and the body as it goes out."""

    headers: dict[str, str]
    body: bytes


def seal(site: Site, message_id: str, body: bytes, *, now: datetime) -> Sealed:
    """Sign a message to a site in its profile; the id goes beside it in every one.

    A body that takes the secret is a JSON object. Where only one secret fits, it is the newest.
    """
    secrets = site.secrets
    valid = [secret.value for secret in secrets if is_valid(secret, now)]
    stamped = {ID: message_id, TIMESTAMP: str(int(now.timestamp()))}
    match site.signature_profile:
        case SignatureProfile.STANDARD:
            return Sealed(sign(message_id, body, secrets=secrets, now=now), body)
        case SignatureProfile.BODY_HEX:
            signatures = ",".join(f"sha256={_hex(value, body)}" for value in valid)
            return Sealed(stamped | {site.signature_header: signatures}, body)
        case SignatureProfile.BODY_SECRET:
            return Sealed(stamped, _with_secret(body, valid[0]) if valid else body)
        case SignatureProfile.BEARER:
            bearer = {"Authorization": f"Bearer {valid[0]}"} if valid else {}
            return Sealed(stamped | bearer, body)


def _hex(secret: str, body: bytes) -> str:
    return digest(secret.encode(), body, "sha256").hex()


def _with_secret(body: bytes, secret: str) -> bytes:
    """The object with `secret` as its first field."""
    rest = body.lstrip()[1:]
    comma = b"" if rest.lstrip()[:1] == b"}" else b","
    return b'{"secret":' + dumps(secret).encode() + comma + rest


def sign(
    message_id: str, body: bytes, *, secrets: Iterable[Secret], now: datetime
) -> dict[str, str]:
    """Return the headers for `body`, signed with each secret valid at `now` (two in a rotation).

    Raises ValueError for an id that no receiver has to take.
    """
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a webhook-id has 1 to 255 printable ASCII characters and no full stop")
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
