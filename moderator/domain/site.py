"""A registered blog: its hosts, platform, secrets and policy."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderator.domain.policy import Policy


class SignatureProfile(StrEnum):
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Secret:
    """A webhook signing secret (`whsec_...`); `expires_at` is set when it was rotated away."""

    value: str
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One blog.

    `hosts` are the host[:port] values the blog answers on, lower case, without default ports.
    `allowed_addresses` are exact (IP, port) pairs that the guarded fetcher may open for this site
    although they are not public: set by an operator for a blog on an internal network.
    `akismet_key` is what we ask Akismet with; `door_keys` are those with which Akismet clients ask
    us, the newest first.
    `langs` are the languages that the blog declares (BCP 47, `de`, `pt-BR`), the first its own.
    """

    id: str
    name: str
    url: str
    hosts: frozenset[str]
    platform: str = "generic"
    callback_url: str = ""
    signature_profile: SignatureProfile = SignatureProfile.STANDARD
    secrets: tuple[Secret, ...] = ()
    policy: Policy = field(default_factory=Policy)
    akismet_key: str = ""
    door_keys: tuple[str, ...] = ()
    allowed_addresses: frozenset[tuple[str, int]] = frozenset()
    langs: tuple[str, ...] = ()


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
