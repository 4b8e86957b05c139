"""What people decided about a name (a host, an author) at one site, and how much still counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moderator.domain.content.facts import Facts
from moderator.domain.site import Site
from moderator.domain.urls.addresses import host_of
from moderator.domain.urls.hosts import names_of, registrable
from moderator.domain.urls.shorteners import is_shortener
from moderator.domain.urls.user_hosts import SUFFIXES

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
HALF_LIFE = timedelta(days=180)  # after which a decision counts half
FORGOTTEN = 0.25  # decisions, after decay, below which none are left
MAX_HOSTS = 8  # of one submission
# What a comment brings has a record as a host has: what people said of those with a page, a link.
WITH_PAGE, WITH_LINK = "*page", "*link"
# Where everybody may publish under one name: what one person did there says nothing of the next.
# (Hosts with a name per user, as blogs have, are told apart: user_hosts.py.)
# fmt: off
SHARED = frozenset((
    "500px.com", "academia.edu", "allegro.pl", "amazon.ca", "amazon.co.jp", "amazon.co.uk",
    "amazon.com", "amazon.com.au", "amazon.com.br", "amazon.com.mx", "amazon.com.tr", "amazon.de",
    "amazon.es", "amazon.fr", "amazon.in", "amazon.it", "amazon.nl", "amazon.pl", "amazon.se",
    "aparat.com", "archive.is", "archive.org", "archive.ph", "arxiv.org", "askubuntu.com",
    "bilibili.com", "bing.com", "bitbucket.org", "bsky.app", "change.org", "codeberg.org",
    "codepen.io", "csdn.net", "dailymotion.com", "discord.com", "discord.gg", "douban.com",
    "dropbox.com", "dzen.ru", "ebay.co.uk", "ebay.com", "ebay.de", "ebay.es", "ebay.fr", "ebay.it",
    "etsy.com", "eventbrite.com", "facebook.com", "flickr.com", "giphy.com", "github.com",
    "gitlab.com", "gmail.com", "gofundme.com", "goodreads.com", "google.ca", "google.co.in",
    "google.co.jp", "google.co.uk", "google.com", "google.com.au", "google.com.br",
    "google.com.tr", "google.de", "google.es", "google.fr", "google.it", "google.nl", "google.pl",
    "google.ru", "gravatar.com", "habr.com", "imdb.com", "imgur.com", "instagram.com", "issuu.com",
    "jsfiddle.net", "juejin.cn", "kaskus.co.id", "kickstarter.com", "komoot.com", "launchpad.net",
    "leboncoin.fr", "linkedin.com", "marktplaats.nl", "mastodon.social", "medium.com",
    "meetup.com", "mercadolivre.com.br", "nicovideo.jp", "note.com", "npmjs.com", "ok.ru",
    "openstreetmap.org", "pantip.com", "patreon.com", "paypal.com", "pikabu.ru", "pinterest.com",
    "pixiv.net", "pypi.org", "qiita.com", "quora.com", "reddit.com", "researchgate.net",
    "rumble.com", "rutube.ru", "scribd.com", "serverfault.com", "slideshare.net", "snapchat.com",
    "soundcloud.com", "sourceforge.net", "spotify.com", "stackexchange.com", "stackoverflow.com",
    "strava.com", "superuser.com", "t.me", "telegram.me", "telegram.org", "threads.net",
    "tiktok.com", "tokopedia.com", "twitch.tv", "twitter.com", "unsplash.com", "vimeo.com",
    "vk.com", "wa.me", "weibo.com", "whatsapp.com", "wikidata.org", "wikimedia.org",
    "wikipedia.org", "wiktionary.org", "wykop.pl", "x.com", "yahoo.com", "youtu.be", "youtube.com",
    "zenn.dev", "zhihu.com",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Reputation:
    """How often people approved something of this name or called it spam, and since when.

    `approved_now` and `spam_now` are the same counts with each decision halved every HALF_LIFE.
    """

    approved: int = 0
    spam: int = 0
    approved_now: float = 0.0
    spam_now: float = 0.0
    since: datetime | None = None

    def __str__(self) -> str:
        """As evidence: '3 approved, 0 spam since March 2026'."""
        since = f" since {self.since:%B %Y}" if self.since else ""
        return f"{self.approved} approved, {self.spam} spam{since}"

    def after(
        self, *, is_spam: bool, decided_at: datetime, now: datetime, count: int = 1
    ) -> "Reputation":
        """This reputation with `count` more decisions of one kind, all made about `decided_at`."""
        weight = count * remaining(now - decided_at)
        return Reputation(
            approved=self.approved + count * (not is_spam),
            spam=self.spam + count * is_spam,
            approved_now=self.approved_now + weight * (not is_spam),
            spam_now=self.spam_now + weight * is_spam,
            since=min(decided_at, self.since or decided_at),
        )


CLEAR = 5.0  # times as many on one side that the other side is a slip


def is_welcome(past: Reputation) -> bool:
    """Whether people approve what is of this name."""
    return past.approved_now >= max(FORGOTTEN, CLEAR * past.spam_now)


@dataclass(frozen=True, slots=True)
class HostRuling:
    """A person's word on a submission, said of all that it stakes; no hosts take it back."""

    submission_id: str
    hosts: tuple[str, ...] = ()
    is_spam: bool = False


def month_of(time: datetime) -> int:
    """The month that a decision is counted in: those of one are added up before they decay."""
    return (time - EPOCH) // MONTH


def remaining(age: timedelta) -> float:
    """How much a decision of this age counts: 1 when fresh, half after every HALF_LIFE."""
    return float(0.5 ** (max(age, timedelta(0)) / HALF_LIFE))


def answerable_hosts(facts: Facts, site: Site) -> tuple[str, ...]:
    """The hosts whose reputation a submission stakes: its links', its author's, its source's.

    One name per registrable domain, at most MAX_HOSTS; the site itself, short forms of links and
    hosts that everybody shares are left out.
    """
    if not facts.named_hosts:
        return ()
    return tuple(_answerable(facts, site))


def brought(facts: Facts) -> tuple[str, ...]:
    """What a comment brings beside its words: WITH_PAGE, WITH_LINK."""
    if facts.submission.kind.is_linkback:
        return ()
    page = (WITH_PAGE,) if facts.has_page else ()
    return (*page, WITH_LINK) if facts.link_hosts else page


def staked(facts: Facts, site: Site) -> tuple[str, ...]:
    """Of what a person's word on a submission is kept: the names of its hosts, what it brings.

    A host is kept by every name that may ever be its registrable domain, and found by the one that
    is so when somebody asks: another list of suffixes changes no past.
    """
    hosts = _answerable(facts, site).values() if facts.named_hosts else ()
    names = dict.fromkeys(name for host in hosts for name in names_of(host))
    return (*names, *brought(facts))


def never_seen(hosts: Iterable[str], known: Mapping[str, Reputation]) -> list[str]:
    """Those of these hosts that answer for themselves, and about which nobody here decided yet.

    `known` is what `answerable_hosts` named, with its reputation.
    """
    names = dict.fromkeys(map(registrable, hosts)) if known else ()
    return [name for name in names if name in known and known[name].since is None]


def _answerable(facts: Facts, site: Site) -> dict[str, str]:
    """The first host of each registrable domain, by that domain."""
    own = {registrable(host_of(host)) for host in site.hosts}
    found: dict[str, str] = {}
    for host in facts.named_hosts:
        name = registrable(host)
        is_own = name in own or name in SHARED or name in SUFFIXES
        if "." in name and not is_own and not is_shortener(host) and len(found) < MAX_HOSTS:
            found.setdefault(name, host)
    return found
