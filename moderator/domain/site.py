"""A registered blog: its hosts, platform, secrets and policy."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderator.domain.errors import InvalidError
from moderator.domain.policy import Policy
from moderator.domain.rule import Rule
from moderator.domain.timing.retention import RetentionChoice

USUAL_HEADER = "X-Signature"  # of the profile body-hex, where none is named
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")  # RFC 9110, 5.6.2
# Headers that mean something else already, to us or to what is between us and the site.
TAKEN_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "authorization", "connection", "content-encoding",
        "content-length", "content-type", "cookie", "expect", "host", "idempotency-key",
        "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "webhook-id",
        "webhook-signature", "webhook-timestamp", "x-forwarded-for", "x-forwarded-proto",
        "x-site-id",
    }
)  # fmt: skip


class SignatureProfile(StrEnum):
    """How a site and we prove to each other who speaks; only `standard` tells when it was said."""

    STANDARD = "standard"
    BODY_HEX = "body-hex"
    BODY_SECRET = "body-secret"  # noqa: S105 (a name)
    BEARER = "bearer"

    @property
    def is_weak(self) -> bool:
        """Whether who overheard a message can send it again, or (with a secret in it) another."""
        return self is not SignatureProfile.STANDARD


def signature_header(profile: SignatureProfile, name: str) -> str:
    """The header that a site's signature stands in, '' for profiles with a place of their own.

    `name` is what the operator wants, '' for the usual one. Raises InvalidError.
    """
    if profile is not SignatureProfile.BODY_HEX:
        if name:
            raise InvalidError(f"Only {SignatureProfile.BODY_HEX} has a header of its own")
        return ""
    name = name or USUAL_HEADER
    if not HEADER.fullmatch(name):
        raise InvalidError(f"{name!a} cannot be the name of a header")
    if name.lower() in TAKEN_HEADERS:
        raise InvalidError(f"The header {name} means something else")
    return name


@dataclass(frozen=True, slots=True)
class Secret:
    """A webhook signing secret (`whsec_...`); `expires_at` is set when it was rotated away."""

    value: str
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WordPressAccess:
    """How a WordPress without our plugin is reached: its REST API, with an application password.

    `url` is the blog's home, without a slash at the end.
    """

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """One blog.

    `hosts` are the host[:port] values the blog answers on, lower case, without default ports.
    `allowed_addresses` are exact (IP, port) pairs that this site's callbacks may open although they
    are not public: set by an operator for a blog on an internal network. `source_addresses` are
    those that may be opened for what strangers name (sources of linkbacks, links of comments):
    whoever finds the site's linkback endpoints can then send GETs there.
    `akismet_key` is what we ask Akismet with; `client_keys` are those with which Akismet clients
    ask us, the newest first.
    `signature_header` is where the profile body-hex has its signature.
    `langs` are the languages that the blog declares (BCP 47, `de`, `pt-BR`), the first its own.
    `wordpress` is set for a blog that is polled, and told of verdicts, over its own REST API.
    `has_feed` is whether anybody may read its approved linkbacks.
    `rules` are those that act or count here, of the site and of all sites.
    `retention` is how long it chose to keep what people wrote.
    """

    id: str
    name: str
    url: str
    hosts: frozenset[str]
    platform: str = "generic"
    callback_url: str = ""
    signature_profile: SignatureProfile = SignatureProfile.STANDARD
    signature_header: str = ""
    secrets: tuple[Secret, ...] = ()
    policy: Policy = field(default_factory=Policy)
    akismet_key: str = ""
    client_keys: tuple[str, ...] = ()
    allowed_addresses: frozenset[tuple[str, int]] = frozenset()
    source_addresses: frozenset[tuple[str, int]] = frozenset()
    langs: tuple[str, ...] = ()
    wordpress: WordPressAccess | None = None
    has_feed: bool = False
    rules: tuple[Rule, ...] = ()
    retention: RetentionChoice = field(default_factory=RetentionChoice)

    @property
    def is_told(self) -> bool:
        """Whether there is a way to tell the blog of verdicts."""
        return bool(self.callback_url) or self.wordpress is not None


@dataclass(frozen=True, slots=True)
class ShownKey:
    """What a site proves itself by, as far as it may be shown: `name` is how an API key begins.

    `expires_at` is set for one that was replaced, and still counts until then.
    """

    name: str
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose key for Akismet clients it is; a suspended one is told so and gets no verdict."""

    site: Site
    is_suspended: bool = False
    expires_at: datetime | None = None
