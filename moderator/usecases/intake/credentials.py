"""Which site is asking: found by a bearer key or by a signature, never by what the body says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator import signing
from moderator.domain.errors import UnauthenticatedError
from moderator.domain.site import KeyHolder, SignatureProfile, Site


class CredentialSites(Protocol):
    """The registered sites; may answer from a memory that is a few seconds old."""

    def get(self, site_id: str) -> Site | None: ...

    def by_key_digest(self, digest: str, *, now: datetime) -> Site | None:
        """Return the site of a bearer key by its SHA-256 in hex, unless the key has expired."""
        ...

    def by_client_key(self, key: str, *, now: datetime) -> KeyHolder | None:
        """Return whose key for Akismet clients this is, unless it has expired."""
        ...

    def look_again(self) -> bool:
        """Read anew what is remembered, unless that was done just now; return whether it was."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """A site that has proved itself; `message_id` is the signed `webhook-id`, '' with a key."""

    site: Site
    message_id: str = ""


def by_key(sites: CredentialSites, authorization: str, *, now: datetime) -> Caller:
    """Return whose bearer key this is. Raises UnauthenticatedError."""
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise UnauthenticatedError("The Authorization header is not `Bearer KEY`")
    digest = signing.key_digest(key)
    site = sites.by_key_digest(digest, now=now)
    if site is None and sites.look_again():  # it may be new
        site = sites.by_key_digest(digest, now=now)
    if site is None:
        raise UnauthenticatedError("This key is not valid")
    return Caller(site)


def by_client_key(sites: CredentialSites, key: str, *, now: datetime) -> KeyHolder | None:
    """Return whose key for Akismet clients this is, None where it is nobody's; it may be new."""
    holder = sites.by_client_key(key, now=now) if key else None
    if holder is None and key and sites.look_again():
        holder = sites.by_client_key(key, now=now)
    return holder


def by_signature(
    sites: CredentialSites, site_id: str, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Caller:
    """Return the site if it signed `body`. Raises UnauthenticatedError.

    An unknown site is checked like one without a valid secret, so that the answers are alike. A
    site or a secret that nobody here knows may be new.
    """
    try:
        return _signer(sites, site_id, headers=headers, body=body, now=now)
    except UnauthenticatedError:
        if not sites.look_again():
            raise
    return _signer(sites, site_id, headers=headers, body=body, now=now)


@dataclass(frozen=True, slots=True)
class Signed:
    """What an unproven site sent: its headers (names in lower case), its body, and the secret in
    that, '' for none.
    """

    headers: Mapping[str, str]
    body: bytes
    secret: str = ""


def by_profile(sites: CredentialSites, site_id: str, sent: Signed, *, now: datetime) -> Caller:
    """Return the site if it signed a message in its own profile. Raises UnauthenticatedError.

    The id is that of the body: nothing else tells a repeat from a new message. A site or a secret
    that nobody here knows may be new.
    """
    try:
        return _proven(sites, site_id, sent, now=now)
    except UnauthenticatedError:
        if not sites.look_again():
            raise
    return _proven(sites, site_id, sent, now=now)


def _proven(sites: CredentialSites, site_id: str, sent: Signed, *, now: datetime) -> Caller:
    site = sites.get(site_id) if site_id else None
    secrets, body = site.secrets if site else (), sent.body
    match site.signature_profile if site else SignatureProfile.STANDARD:
        case SignatureProfile.BODY_HEX if site:
            given = sent.headers.get(site.signature_header.lower(), "")
            id_ = signing.verify_hex(given, body, secrets=secrets, now=now)
        case SignatureProfile.BODY_SECRET:
            id_ = signing.verify_secret(sent.secret, body, secrets=secrets, now=now)
        case SignatureProfile.STANDARD:
            id_ = signing.verify(sent.headers, body, secrets=secrets, now=now)
        case _:
            raise UnauthenticatedError("Send a bearer key")
    if site is None:  # pragma: no cover (nothing verifies without a secret)
        raise UnauthenticatedError(signing.NO_MATCH)
    return Caller(site, id_)


def _signer(
    sites: CredentialSites, site_id: str, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Caller:
    site = sites.get(site_id) if site_id else None
    message_id = signing.verify(headers, body, secrets=site.secrets if site else (), now=now)
    if site is None:  # pragma: no cover (nothing verifies without a secret)
        raise UnauthenticatedError("The signature does not match")
    return Caller(site, message_id)
