"""Finds every link of a comment: in markup, bare in the text, and those a platform cut off.

Linear in the length of the text, whatever is in it: each pattern starts at a mark that cannot be
part of a longer match, and never looks back over what it took.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from turbohtml import Element, parse_fragment

from moderator.domain.entities import unescape
from moderator.domain.hosts import is_under_known_top
from moderator.domain.submission import Format
from moderator.domain.urls import Url, read

# What may stand in a bare address; it ends at white space, quotes and angle brackets.
MAX_WRITTEN = 4096
REST = r"[^\s<>\"“”„«»`\u200b\u2060\ufeff]"
BARE = re.compile(
    rf"https?://{REST}{{1,{MAX_WRITTEN}}}"
    rf"|(?<![\w@.:/-])(?:www\.{REST}{{1,{MAX_WRITTEN}}}"
    rf"|(?:[a-z0-9-]{{1,63}}\.){{1,10}}[a-z]{{2,24}}/{REST}{{1,{MAX_WRITTEN}}})",
    re.IGNORECASE,
)
NAME_AND_PATH = re.compile(r"[a-z0-9]\.[a-z]{2,24}/")
# How platforms mark that they cut an address to fit: "…", "...", "[…]", "(…)", percent-encoded too.
# It is matched on the address backwards: from the front each dot of a row is a place to start.
CUT_BACKWARDS = re.compile(
    r"…|6A%08%2E%|\.{3,}+|\](?:…|\.{3,}+)\[|\)(?:…|\.{3,}+)\(", re.IGNORECASE
)
CUT_AFTER = re.compile(r" ?\[(?:…|\.{3,})\]")
ENDS = frozenset(".,;:!?'*_~|\N{RIGHT SINGLE QUOTATION MARK}")  # of the sentence around
BRACKET = re.compile(r"[()\[\]{}]")
CLOSING = {")": "(", "]": "[", "}": "{"}
ESCAPED = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
# Never drawn, or drawn without being followed.
UNSEEN = "script,style,template,textarea,title"
QUIET = ("mailto:", "tel:", "sms:", "xmpp:", "#")


class Place(StrEnum):
    MARKUP = "markup"
    TEXT = "text"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Link:
    """One link: `raw` as written, `url` as a browser reads it (None when it would open nothing)."""

    raw: str
    url: Url | None
    place: Place
    is_cut_off: bool = False


def links_of(content: str, format_: Format, base: str = "") -> tuple[Link, ...]:
    """The links of a comment in the order found, each written form once."""
    if not _may_have_links(content, format_):
        return ()
    found: dict[str, Link] = {}
    if format_ is Format.HTML and "<" in content:
        root = parse_fragment(content, positions=False)
        root.remove(UNSEEN)
        anchors = root.find_all(["a", "area"])
        for anchor in anchors:
            _add(found, _from_anchor(anchor, base))
        _drop(anchors)
        text = root.to_text()
    elif format_ is Format.HTML:
        text = parse_fragment(content, positions=False).text if "&" in content else content
    else:
        text = content
    for link in bare_links(text):
        _add(found, link)
    return tuple(found.values())


def _may_have_links(content: str, format_: Format) -> bool:
    """Cheap, because most comments have none."""
    lowered = content.lower()
    if format_ is Format.HTML and ("href" in lowered or "&" in lowered):
        return True
    if "/" not in lowered:
        return "www." in lowered
    return "://" in lowered or "www." in lowered or NAME_AND_PATH.search(lowered) is not None


def bare_links(text: str) -> list[Link]:
    """The addresses written out in a plain text."""
    found = (_from_text(match, text) for match in BARE.finditer(text))
    return [link for link in found if link is not None]


def plain_address(address: str) -> str:
    """An address in a field of its own; platforms hand some over escaped for HTML."""
    return unescape(address) if ESCAPED.search(address) else address


def link_of(address: str, place: Place, base: str = "") -> Link | None:
    """One address in a field of its own or an attribute; None for what is no web link at all."""
    raw = address.strip()
    if not raw or raw.lower().startswith(QUIET):
        return None
    cut = CUT_BACKWARDS.match(raw[::-1])
    if cut is None:
        return Link(raw, read(raw, base), place)
    return Link(raw, read(raw[: -cut.end()], base), place, is_cut_off=True)


def _from_anchor(anchor: Element, base: str) -> Link | None:
    return link_of(anchor.attr("href") or "", Place.MARKUP, base)


def _drop(anchors: list[Element]) -> None:
    """What an anchor shows is not another link, even if it looks like an address."""
    for anchor in anchors:
        if anchor.attr("href") is not None:
            anchor.clear()


def _from_text(match: re.Match[str], text: str) -> Link | None:
    raw, is_cut_off = _trim(match[0])
    start = raw.find("://")
    url = read(raw if start > 0 else f"http://{raw}")
    if start < 0 and not (raw[:4].lower() == "www." or (url and is_under_known_top(url.host))):
        return None  # a file name, an abbreviation
    is_cut_off = is_cut_off or CUT_AFTER.match(text, match.end()) is not None
    return Link(raw, url, Place.TEXT, is_cut_off)


def _trim(raw: str) -> tuple[str, bool]:
    """Give the punctuation around an address back to the sentence; say whether it was cut off."""
    raw = raw[: _balanced(raw)]
    slash = raw.find("/", raw.find("://") + 3)
    backwards, after = raw[::-1], 0
    while after < len(raw):
        cut = CUT_BACKWARDS.match(backwards, after)
        # Dots after a bare host end a sentence; after a path they mean that something is missing.
        if cut and (not cut[0].startswith(".") or 0 <= slash < len(raw) - cut.end()):
            return raw[: len(raw) - cut.end()], True
        if cut is None and backwards[after] not in ENDS:
            break
        after = cut.end() if cut else after + 1
    return raw[: len(raw) - after], False


def _balanced(raw: str) -> int:
    """Where the address ends: at the first bracket that closes what it did not open."""
    opened: list[str] = []
    for bracket in BRACKET.finditer(raw):
        opening = CLOSING.get(bracket[0])
        if opening is None:
            opened.append(bracket[0])
        elif not opened or opened.pop() != opening:
            return bracket.start()
    return len(raw)


def _add(found: dict[str, Link], link: Link | None) -> None:
    if link is not None:
        found.setdefault(link.raw, link)
