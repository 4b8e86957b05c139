"""The one finder of links: in markup, written out in a text, and those a platform cut off.

What counts, wherever links are looked for (checks, keys of texts, campaigns, the dashboard): an
address with a scheme, with `www.`, or a name under a known top with a path; in HTML the targets of
anchors, whose words are no links then; in Markdown the targets of `[text](target)`. A name alone
is none, nor is `//host` outside of a target.

Linear in the length of the text, whatever is in it: each pattern starts at a mark that cannot be
part of a longer match, and never looks back over what it took.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from turbohtml import parse_fragment

from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.domain.urls.hosts import is_under_known_top
from moderator.domain.urls.parse import Url, read

# HTML's character references, by the standard library's `unescape`, mended: it raises ValueError
# on a number of more than 4,300 digits. Here it is read as browsers do: leading zeros count for
# nothing, and a number beyond Unicode is U+FFFD.
MAX_REFERENCE_DIGITS = re.compile(r"&#([0-9]{8,})")
DIGITS = 7  # of the largest code point, 1114111
BEYOND = "1114112"


def unescape(text: str) -> str:
    """The text with its character references resolved, once."""
    if "&" not in text:
        return text
    return html.unescape(MAX_REFERENCE_DIGITS.sub(_shortened, text))


def _shortened(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0") or "0"
    return f"&#{digits if len(digits) <= DIGITS else BEYOND}"


# What may stand in a bare address; it ends at white space, quotes and angle brackets, and at the
# marks of writing systems that put no space after a sentence: browsers copy those escaped. In a
# name the ideographic full stops are dots (UTS #46).
MAX_WRITTEN = 4096
WIDE_DOTS = "\u3002\uff0e\uff61"
OUTSIDE = (
    r"\s<>\"“”„«»`\u200b\u2060\ufeff\u3001\u3003\u3008-\u3011\u3014-\u301f"
    r"\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff3b\uff3d\uff5b\uff5d\uff5f\uff60\uff62-\uff65"
)
REST = rf"[^{OUTSIDE}{WIDE_DOTS}]"
NAME = rf"[^{OUTSIDE}{WIDE_DOTS}/?#]{{1,{MAX_WRITTEN}}}"
NAMES = rf"{NAME}(?:[{WIDE_DOTS}](?!https?://){NAME}){{0,10}}"
ADDRESS = rf"{NAMES}(?:[/?#]{REST}{{0,{MAX_WRITTEN}}})?"
BARE = re.compile(
    rf"https?://{ADDRESS}"
    rf"|(?<![a-z0-9_@.:/-])(?:www\.{ADDRESS}"
    rf"|(?:[a-z0-9-]{{1,63}}\.){{1,10}}[a-z]{{2,24}}/{REST}{{1,{MAX_WRITTEN}}})",
    re.IGNORECASE,
)
SCHEMED = re.compile(rf"https?://{ADDRESS}", re.IGNORECASE)
NAME_AND_PATH = re.compile(r"[a-z0-9]\.[a-z]{2,24}/")
TARGET = re.compile(r"\]\(\s{0,3}<?([^\s<>()]{1,4096})")  # of a Markdown link or picture
MAX_LINKS = 500  # links of a text that are read: a text with more of them is nothing but links
# How platforms mark that they cut an address to fit: "…", "...", "[…]", "(…)", percent-encoded too.
# It is matched on the address backwards: from the front each dot of a row is a place to start.
CUT_BACKWARDS = re.compile(
    r"…|6A%08%2E%|\.{3,}+|\](?:…|\.{3,}+)\[|\)(?:…|\.{3,}+)\(", re.IGNORECASE
)
CUT_AFTER = re.compile(r" ?\[(?:…|\.{3,})\]")
ENDS = frozenset(  # of the sentence around
    ".,;:!?'*_~|\u2018\u2019\u201a\u201b\u2039\u203a"
    # Arabic, Urdu, Hindi, Armenian, Ethiopic, Burmese, Khmer.
    "\u060c\u061b\u061f\u06d4\u0964\u0965\u0589\u1362\u1363\u1364\u104a\u104b\u17d4\u17d5"
)
BRACKET = re.compile(r"[()\[\]{}]")
CLOSING = {")": "(", "]": "[", "}": "{"}
ESCAPED = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
# Never drawn, or drawn without being followed.
UNSEEN = "script,style,template,textarea,title"
SCHEMES_WITHOUT_HOST = ("mailto:", "tel:", "sms:", "xmpp:", "#")


class LinkPlace(StrEnum):
    MARKUP = "markup"
    TEXT = "text"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Link:
    """One link: `raw` as written, `url` as a browser reads it (None when it would open nothing)."""

    raw: str
    url: Url | None
    place: LinkPlace
    is_cut_off: bool = False


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link and where it stands in a plain text."""

    start: int
    end: int
    link: Link


def links_of(
    content: str, format_: Format, base: str = "", shown: Iterable[WrittenLink] | None = None
) -> tuple[Link, ...]:
    """Every link of a comment, as often as it stands there, at most MOST.

    `shown` are those of its plain text, where they were found already.
    """
    if "<" in content and format_ is Format.HTML and "href" in content.lower():
        return tuple(_in_markup(content, base))[:MAX_LINKS]
    if shown is None:
        shown = written(plain(content, format_))
    links = tuple([each.link for each in shown])
    if "](" in content and format_ is Format.MARKDOWN:
        links += tuple(_targets(content, base))
    return links[:MAX_LINKS]


def written(text: str) -> list[WrittenLink]:
    """The addresses written out in a plain text, at most MOST."""
    found: list[WrittenLink] = []
    if not _may_have_links(text):
        return found
    for match in _addresses(text):
        link = _from_text(match, text)
        if link is not None:
            found.append(WrittenLink(match.start(), match.start() + len(link.raw), link))
            if len(found) == MAX_LINKS:
                break
    return found


def _addresses(text: str) -> Iterable[re.Match[str]]:
    """What BARE finds; where every address has a scheme, several times faster."""
    found = list(SCHEMED.finditer(text))
    ends = [0, *(end for match in found for end in match.span()), len(text)]
    rest = " ".join(text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)).lower()
    return BARE.finditer(text) if "www." in rest or NAME_AND_PATH.search(rest) else found


def bare_links(text: str) -> list[Link]:
    """The links written out in a plain text."""
    return [each.link for each in written(text)]


def without(text: str, found: Sequence[WrittenLink], instead: str = " ") -> str:
    """The text with something else in the place of its links."""
    kept, end = [], 0
    for each in found:
        kept.append(text[end : each.start])
        end = each.end
    return instead.join((*kept, text[end:]))


def unlinked(text: str) -> str:
    """The text without its links."""
    found = written(text)
    return without(text, found) if found else text


def _may_have_links(text: str) -> bool:
    """Cheap, because most comments have none."""
    lowered = text.lower()
    if "/" not in lowered:
        return "www." in lowered
    return "://" in lowered or "www." in lowered or NAME_AND_PATH.search(lowered) is not None


def _in_markup(content: str, base: str) -> Iterator[Link]:
    """What an anchor shows is not another link, even if it looks like an address."""
    root = parse_fragment(content, positions=False)
    root.remove(UNSEEN)
    for anchor in root.find_all(["a", "area"]):
        href = anchor.attr("href")
        if href is not None:
            link = link_of(href, LinkPlace.MARKUP, base)
            anchor.clear()
            if link is not None:
                yield link
    yield from bare_links(root.to_text())


def _targets(content: str, base: str) -> Iterator[Link]:
    """The targets of Markdown links that are not written out as addresses."""
    for match in TARGET.finditer(content):
        if not match[1].lower().startswith(("http://", "https://")):
            link = link_of(match[1], LinkPlace.MARKUP, base)
            if link is not None:
                yield link


def plain_address(address: str) -> str:
    """An address in a field of its own; platforms hand some over escaped for HTML."""
    return unescape(address) if ESCAPED.search(address) else address


def link_of(address: str, place: LinkPlace, base: str = "") -> Link | None:
    """One address in a field of its own or an attribute; None for what is no web link at all."""
    raw = address.strip()
    if not raw or raw.lower().startswith(SCHEMES_WITHOUT_HOST):
        return None
    cut = CUT_BACKWARDS.match(raw[::-1])
    address = raw if cut is None else raw[: -cut.end()]
    if not base and address[:4].lower() == "www.":
        address = f"http://{address}"  # as people write it
    return Link(raw, read(address, base), place, is_cut_off=cut is not None)


def _from_text(match: re.Match[str], text: str) -> Link | None:
    raw, is_cut_off = _trim(_named(match[0]))
    start = raw.find("://")
    if start == len(raw) - len("://"):
        return None  # nothing but a scheme
    url = read(raw if start > 0 else f"http://{raw}")
    if start < 0 and not (raw[:4].lower() == "www." or (url and is_under_known_top(url.host))):
        return None  # a file name, an abbreviation
    is_cut_off = is_cut_off or CUT_AFTER.match(text, match.end()) is not None
    return Link(raw, url, LinkPlace.TEXT, is_cut_off)


def _named(raw: str) -> str:
    """Up to an ideographic full stop after which no name goes on: it ends the sentence."""
    while (dot := max(map(raw.rfind, WIDE_DOTS))) > 0:
        url = read(raw if "://" in raw else f"http://{raw}")
        if url and is_under_known_top(url.host):
            break
        raw = raw[:dot]
    return raw


def _trim(raw: str) -> tuple[str, bool]:
    """Give the punctuation around an address back to the sentence; say whether it was cut off."""
    raw = raw[: _balanced(raw)]
    closing = raw.find("[/")  # a tag of a bulletin board, which ends what stands in it
    raw = raw if closing < 0 else raw[:closing]
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
