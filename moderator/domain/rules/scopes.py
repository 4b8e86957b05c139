"""What somebody may mean who trusts or blocks what a submission brings: from one page to a host.

Entries are written as people type them (domain/lists/reading.py). A host that everybody publishes
on, and the blog's own, is not offered as a whole; a bare name is anybody's, and an address a whole
house's, so that neither can be trusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from moderator.domain.content.facts import Facts
from moderator.domain.errors import InvalidError
from moderator.domain.history.reputation import SHARED
from moderator.domain.lists.reading import read_entry
from moderator.domain.urls.hosts import PORTALS, registrable
from moderator.domain.urls.parse import Url
from moderator.domain.urls.same_page import key
from moderator.domain.urls.shorteners import is_shortener

MAX_PLACES = 5  # of one submission that are offered


class ScopeKind(StrEnum):
    """How much of it is meant."""

    HOST = "host"  # with all below it
    PATH = "path"  # what lies beside the page, and below
    URL = "url"  # that page
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class EntryScope:
    """An entry that a person may choose, and a clause that says what it means."""

    kind: ScopeKind
    entry: str
    meaning: str


def hosts_of(facts: Facts, own_hosts: frozenset[str]) -> frozenset[str]:
    """The hosts that it brings and that are somebody's: neither the blog's own nor everybody's."""
    found = _places(facts, own_hosts)
    return frozenset(entry for kind, entry in found if kind is ScopeKind.HOST)


def scopes(facts: Facts, own_hosts: frozenset[str], *, is_trust: bool) -> tuple[EntryScope, ...]:
    """What can be chosen, the likeliest first: hosts, paths and pages, then the author."""
    found: dict[str, EntryScope] = {}
    for kind, entry in (*_places(facts, own_hosts), *_author(facts, is_trust=is_trust)):
        if entry not in found and (meaning := _meaning(entry)):
            found[entry] = EntryScope(kind, entry, meaning)
    return tuple(found.values())


def _meaning(entry: str) -> str:
    """'' for what no entry can be."""
    try:
        return read_entry(entry).meaning
    except InvalidError:
        return ""


def _places(facts: Facts, own_hosts: frozenset[str]) -> Iterator[tuple[ScopeKind, str]]:
    """Of the author's page, a linkback's source and the links that lead away."""
    links = [facts.source, facts.page, *facts.text_links]
    urls = [link.url for link in links if link is not None and link.url is not None]
    away = {key(url): url for url in urls if own_hosts.isdisjoint(_names(url))}
    for url in list(away.values())[:MAX_PLACES]:
        yield from _of_place(url)


def _names(url: Url) -> tuple[str, ...]:
    return url.authority, url.host, url.authority.removeprefix("www."), f"www.{url.authority}"


def _of_place(url: Url) -> Iterator[tuple[ScopeKind, str]]:
    host = url.host.removeprefix("www.")
    if not is_everybodys(host):
        yield ScopeKind.HOST, host
    front, _, _ = url.path.rstrip("/").rpartition("/")
    if front:
        yield ScopeKind.PATH, f"prefix:{url.scheme}://{url.authority}{front}/"
    if len(url.path) > 1 or url.query:
        yield ScopeKind.URL, f"url:{url.href}"


def is_everybodys(host: str) -> bool:
    """Whether what one person does there says nothing of the next."""
    name = registrable(host)
    return name in SHARED or name in PORTALS or is_shortener(host)


def _author(facts: Facts, *, is_trust: bool) -> Iterator[tuple[ScopeKind, str]]:
    author = facts.submission.author
    if "@" in author.email:
        yield ScopeKind.EMAIL, author.email.strip()
    if not is_trust:
        if author.name.strip():
            yield ScopeKind.NAME, f"author:{author.name.strip()}"
        if author.ip.strip():
            yield ScopeKind.ADDRESS, author.ip.strip()
