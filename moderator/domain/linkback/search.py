"""Finds the link to a target in a page, as a browser would follow it. Linear in the page.

Parse the DOM; templates, scripts, comments and attributes that are no links do not count; resolve
`<base>`; compare canonical addresses. Of several links the best is taken: seen before hidden, exact
before tolerated, one that says reply or like before one that does not, first before later.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from turbohtml import Document, Element

from moderator.domain.linkback.hidden import is_empty, is_hidden
from moderator.domain.linkback.microformats import MENTION, WORDLESS, is_named, relation_of
from moderator.domain.linkback.stylesheets import hiding_selectors
from moderator.domain.links.find import bare_links
from moderator.domain.urls.parse import MAX_LENGTH, Url, read, resolved
from moderator.domain.urls.same_page import Tolerance, is_own, tolerances, twin

INERT = "template,script,style,textarea"
ADDRESSES = {"a": "href", "area": "href", "link": "href", "data": "value"}  # else src
CLICKED = frozenset({"a", "area"})
EMBEDS = "img[src],video[src],audio[src],source[src],iframe[src],embed[src]"
# Spares the parser for nearly all links: a lower-case name under a top-level domain of letters, or
# a path (no scheme, no second slash, nothing that parsers strip).
PLAIN = re.compile(
    r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[/?#]|\Z)"
    r"|/(?![/\\\x00-\x20])"
    r"|[a-zA-Z0-9?#._~-][^:\s]*\Z"
)
MAX_LOOKED_AT = 20  # links to the target of which the best is chosen
FARM_LINKS = 1000
FARM_HOSTS = 300


class LinkFlag(StrEnum):
    """What is odd about a page or the link in it."""

    HIDDEN = "hidden_link"
    NOSCRIPT = "noscript_link"
    EMPTY = "empty_link"
    FARM = "link_farm"
    TRUNCATED = "truncated_page"
    LOOKALIKE = "lookalike_host"
    OTHER_ADDRESS = "other_own_address"
    UNREAD = "unread_page"
    UNREADABLE = "unreadable_words"


OBSCURED = frozenset({LinkFlag.HIDDEN, LinkFlag.NOSCRIPT, LinkFlag.EMPTY})


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """The page that must be linked to, and the hosts among which we are tolerant."""

    target: Url
    own_hosts: frozenset[str]
    # Webmention takes an image, an element without words or a JSON value for a link.
    counts_embeds: bool = False

    @property
    def authorities(self) -> frozenset[str]:
        if not is_own(self.target, self.own_hosts):
            return frozenset({self.target.authority})
        return self.own_hosts | frozenset(map(twin, self.own_hosts))


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link to the target. `element` is None in pages without markup."""

    url: Url
    element: Element | None = None
    flags: tuple[LinkFlag, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`is_elsewhere`: no link to the target, but one to another page of the same site."""

    found: FoundLink | None
    is_farm: bool = False
    is_elsewhere: bool = False


def search_document(document: Document, address: str, wanted: SearchTarget) -> SearchResult:
    """Look through a parsed page that was fetched from `address`. Removes what is inert from it."""
    styles = [style.text for style in document.select("style")]
    document.remove(INERT)
    base = _base(document, address)
    elements = document.select("a[href],area[href]")
    if wanted.counts_embeds:
        elements += document.select(f"{EMBEDS},{WORDLESS}")
    authorities = wanted.authorities
    base_authority = _authority(base)
    hosts: dict[str, int] = {}
    candidates: list[FoundLink] = []
    others = 0
    for element in elements:
        href = element.attr(ADDRESSES.get(element.tag, "src")) or ""
        authority, whole = _obvious_host(href, base_authority), ""
        if not authority or authority in authorities:
            whole = resolved(href, base)
            authority = _authority(whole)
        hosts[authority] = hosts.get(authority, 0) + 1
        if authority in authorities and len(candidates) < MAX_LOOKED_AT:
            found = _candidate(element, whole, wanted)
            candidates += found
            others += element.tag in CLICKED and not found and _is_page(whole)
    best = min(_hidden_by_style(candidates, styles), key=_worse, default=None)
    is_elsewhere = best is None and others > 0
    return SearchResult(best, _is_farm(hosts, _authority(address)), is_elsewhere)


def search_text(text: str, wanted: SearchTarget) -> SearchResult:
    """In a plain text only Webmention takes the written address for a link."""
    return search_strings(tuple(link.raw for link in bare_links(text)), wanted)


def search_strings(strings: tuple[str, ...], wanted: SearchTarget) -> SearchResult:
    """The first of some addresses that is the target."""
    if wanted.counts_embeds:
        for text in strings:
            url = read(text)
            accepted = tolerances(url, wanted.target, wanted.own_hosts) if url else None
            if url is not None and accepted is not None:
                return SearchResult(FoundLink(url, tolerances=accepted))
    return SearchResult(None)


def _base(document: Document, address: str) -> str:
    """Where relative links start: the first <base href> that is a web address, else the page.

    One that is too long to be asked for counts for nothing: each link would be written out with it.
    """
    element = document.select_one("base[href]")
    if element is None:
        return address
    base = read(element.attr("href") or "", address)
    return address if base is None or len(base.href) > MAX_LENGTH else base.href


def _obvious_host(href: str, base_authority: str) -> str:
    """The host of a link where no parser could see another; '' where a real parser must look."""
    plain = PLAIN.match(href)
    if plain is None:
        return ""
    return plain[1] or base_authority


def _authority(resolved: str) -> str:
    """host[:port] of an address that ada wrote; '' for what is not on the web."""
    if not resolved.startswith("http"):
        return ""
    return resolved.split("/", 3)[2].replace(".:", ":").removesuffix(".")


def _candidate(element: Element, resolved: str, wanted: SearchTarget) -> list[FoundLink]:
    url = read(resolved)
    accepted = tolerances(url, wanted.target, wanted.own_hosts) if url else None
    if url is None or accepted is None:
        return []
    flags = [LinkFlag.HIDDEN] if is_hidden(element) else []
    # The commonest sender of likes and replies writes links without a word that say what they are.
    if element.tag == "a" and is_empty(element) and not is_named(element):
        flags.append(LinkFlag.EMPTY)
    return [FoundLink(url, element, tuple(flags), accepted)]


def _worse(found: FoundLink) -> tuple[bool, int, bool]:
    says_nothing = found.element is None or relation_of(found.element) == MENTION
    return bool(found.flags), len(found.tolerances), says_nothing


def _is_page(resolved: str) -> bool:
    """Whether an own address is that of a page below the front page."""
    path = resolved.split("/", 3)[3:]
    return bool(path) and path[0].partition("#")[0] != ""


def _hidden_by_style(candidates: list[FoundLink], styles: list[str]) -> list[FoundLink]:
    """Flag the links that the page's own <style> hides."""
    selectors = ",".join(hiding_selectors(styles)) if candidates else ""
    if not selectors:
        return candidates
    return [
        replace(found, flags=tuple(dict.fromkeys((LinkFlag.HIDDEN, *found.flags))))
        if found.element is not None and found.element.closest(selectors) is not None
        else found
        for found in candidates
    ]


def _is_farm(hosts: dict[str, int], own: str) -> bool:
    outside = {host: count for host, count in hosts.items() if host not in {own, ""}}
    return len(outside) >= FARM_HOSTS or sum(outside.values()) >= FARM_LINKS
