"""Who else wrote from one address in one moment, or under one name on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import name_words
from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold

BURST_WINDOW = timedelta(seconds=30)
NAME_WINDOW = timedelta(days=1)
BURST_GAP = timedelta(minutes=10)  # before a moment: what came then is no part of its crowd
EARLIER_WINDOW = timedelta(days=30)
MAX_EARLIER_COMMENTS = 16  # comments from there that are looked at
MAX_NEIGHBOURS = (
    8  # before and after one that are looked at, however many there are: the closest in time
)
# Addresses that a blog behind a proxy, or a house of its own, sees of everybody (RFC 1918, 4193,
# 6598): they tell nobody apart.
INTERNAL_NETWORKS = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)


class SharedTrait(StrEnum):
    """What the comments of a crowd share."""

    ADDRESS = "address"
    NAME = "name"


MIN_OTHERS = {
    SharedTrait.ADDRESS: 4,
    SharedTrait.NAME: 2,
}  # others without whom nobody is looked at
WINDOW_OF = {SharedTrait.ADDRESS: BURST_WINDOW, SharedTrait.NAME: NAME_WINDOW}


@dataclass(frozen=True, slots=True)
class CrowdQuery:
    """Look up other comments of the site with this key, around `id`, which was written at `at`."""

    common: SharedTrait
    id: str
    site_id: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another comment, as far as it tells whose hand wrote it.

    `words` are its folded words, `mail` and `name` are folded too; `is_own` says that the blog
    knows the author as staff or trusted; `is_published` that it stands approved here, `is_welcome`
    that a person approved it.
    """

    id: str
    created_at: datetime
    received_at: datetime
    name: str
    mail: str
    words: str
    page_host: str = ""
    address_key: str = ""
    is_own: bool = False
    is_published: bool = False
    is_welcome: bool = False


Neighbours = Mapping[CrowdQuery, tuple[Neighbour, ...]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Other comments at the address within BURST_WINDOW, with the last ones before it, and comments
    under the name within NAME_WINDOW; closest in time.
    """

    at_address: tuple[Neighbour, ...] = ()
    namesakes: tuple[Neighbour, ...] = ()


NO_CROWD = Crowd()


def at_address(facts: Facts) -> CrowdQuery | None:
    """None where an address is not known, or says nothing."""
    return _query(SharedTrait.ADDRESS, facts.submission, visible_address(facts))


def of_name(facts: Facts) -> CrowdQuery | None:
    """None without a name and an e-mail address."""
    return _query(SharedTrait.NAME, facts.submission, facts.name_key)


def _query(common: SharedTrait, it: Submission, key: str) -> CrowdQuery | None:
    if not key or it.linkback is not None or it.author.is_staff or it.author.trusted:
        return None
    return CrowdQuery(common, it.id, it.site_id, key, it.created_at)


def visible_address(facts: Facts) -> str:
    """The key of the visitor's address; '' where it is nobody's own."""
    key = facts.address_key
    if not key:
        return ""
    address = ip_address(facts.submission.author.ip.strip())
    return "" if any(address in network for network in INTERNAL_NETWORKS) else key


def neighbour(facts: Facts, *, is_published: bool, is_welcome: bool) -> Neighbour:
    """What others are told of a comment."""
    it = facts.submission
    return Neighbour(
        id=it.id,
        created_at=it.created_at,
        received_at=it.received_at,
        name=name_words(it.author),
        mail=fold(it.author.email),
        words=facts.words,
        page_host=facts.page_host,
        address_key=visible_address(facts),
        is_own=it.author.is_staff or it.author.trusted,
        is_published=is_published,
        is_welcome=is_welcome,
    )
