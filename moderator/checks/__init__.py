"""One question about one submission per file. Registered here, cheapest first."""

from collections.abc import Mapping

from moderator.checks.advertising_link import AdvertisingLink
from moderator.checks.akismet import Akismet
from moderator.checks.author_history import AuthorPast
from moderator.checks.author_shape import AuthorShape
from moderator.checks.campaign import InCampaign
from moderator.checks.densities import LooksLikeAdvertising
from moderator.checks.disposable_email import DisposableEmail
from moderator.checks.dns_blocklist import DnsBlocklist
from moderator.checks.duplicate import Duplicate
from moderator.checks.flood import Flood
from moderator.checks.honeypot import Honeypot
from moderator.checks.host_reputation import HostReputation
from moderator.checks.link_shape import LinkShape
from moderator.checks.link_validity import LinkValidity
from moderator.checks.lists import Lists
from moderator.checks.random_text import RandomText
from moderator.checks.rules import Rules
from moderator.checks.self_ping import SelfPing
from moderator.checks.short_links import ShortLinks
from moderator.checks.source_link import SourceLink
from moderator.checks.spam_text import ReadsLikeSpam
from moderator.checks.stranger import Stranger, Waits
from moderator.checks.topic import Topic
from moderator.domain.check import LocalCheck, RemoteCheck
from moderator.domain.weights import WEIGHTS


def local(weights: Mapping[str, float]) -> tuple[LocalCheck, ...]:
    """The local checks, with these weights of facts (domain/weights.py)."""
    return (
        SelfPing(),
        Honeypot(),
        DisposableEmail(),
        AuthorPast(weights["known"]),
        AuthorShape(),
        Waits(),
        Stranger(weights),
        HostReputation(),
        Duplicate(),
        InCampaign(),
        Flood(),
        Lists(),
        Rules(),
        ShortLinks(),
        LinkShape(),
        AdvertisingLink(),
        RandomText(),
        LooksLikeAdvertising(),
        Topic(),
        ReadsLikeSpam(),
    )


LOCAL = local(WEIGHTS)
REMOTE: tuple[RemoteCheck, ...] = (
    SourceLink(),
    LinkValidity(),
    DnsBlocklist(),
    Akismet(),
)
