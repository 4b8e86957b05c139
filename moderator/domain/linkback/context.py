"""What a moderator wants to read about a found link: anchor, excerpt, title and author of its page.

Microformats are read as far as they are cheap (microformats.py); a full mf2 parse costs more than
everything else together.
"""

import re
from dataclasses import dataclass

from turbohtml import Document, Element, Text

from moderator.domain.linkback.microformats import (
    MENTION,
    author_of,
    collapse,
    entry_of,
    is_quoted,
    relation_of,
    title_of,
    words_of,
)
from moderator.domain.urls.parse import Url

AROUND = 100  # characters of the excerpt on each side of the anchor
MAX_ANCHOR = 200
MAX_NAME = 200
MAX_WORDS = 1_000  # characters of what the writer says about the post
# Noncharacters: they stand in no text that an HTML parser let through.
BEGIN, END = "\ufdd0", "\ufdd1"
BLOCKS = (
    "p,li,dd,dt,td,th,blockquote,figcaption,caption,pre,h1,h2,h3,h4,h5,h6,summary,"
    "article,section,main,div,body"
)
UNSEEN = "script,style,template,textarea,noscript"
# Not any <title>: pictures (svg) have some too.
TITLES = ("head > title", "body > title", 'meta[property="og:title" i]', "h1")
AUTHORS = ('meta[name="author" i]', "a[rel~=author]", ".byline .author", ".byline a", ".byline")
BYLINE = re.compile(r"(?:by|von|par|por|di|door|autor|author|написал[аи]?)\s*:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkContext:
    anchor_text: str = ""
    rel: str = ""
    relation: str = MENTION
    excerpt: str = ""
    title: str = ""
    author: str = ""


def context_of(element: Element, document: Document, page_url: Url) -> LinkContext:
    """Read the surroundings of a link. Changes the document: nothing else may use it afterwards.

    The excerpt of a mention is the text around the link; of a reply, like, repost or bookmark, and
    where the link stands in a quotation, it is what the writer says beside it.
    """
    entry, relation = entry_of(element), relation_of(element)
    title = title_of(entry) or _first(document, TITLES) or page_url.host
    author = author_of(entry, document, page_url) or _byline(document) or page_url.host
    anchor = _shorten(_anchor_text(element), MAX_ANCHOR)
    excerpt = _excerpt(element)
    if relation != MENTION or is_quoted(element, entry):
        words = words_of(entry).replace(BEGIN, "").replace(END, "")
        excerpt = _shorten(words, MAX_WORDS) or (excerpt if relation in ("reply", MENTION) else "")
    return LinkContext(
        anchor_text=anchor,
        rel=" ".join((element.attr("rel") or "").lower().split()),
        relation=relation,
        title=_shorten(title, MAX_NAME),
        author=_shorten(author, MAX_NAME),
        excerpt=excerpt,
    )


def _byline(document: Document) -> str:
    """Who wrote a page without microformats."""
    said = _first(document, AUTHORS)
    begins = BYLINE.match(said)
    return said[begins.end() :] if begins else said


def _anchor_text(element: Element) -> str:
    text = collapse(element.text)
    if text or element.tag != "a":
        return text or collapse(element.attr("alt") or "")
    picture = element.select_one("[alt]")
    named = element if picture is None else picture
    return collapse(named.attr("alt") or named.attr("aria-label") or named.attr("title") or "")


def _excerpt(element: Element) -> str:
    """The text around the anchor within its block, cut at words."""
    block = element.closest(BLOCKS)
    if block is None:
        return ""
    element.insert_before(Text(BEGIN))
    element.insert_after(Text(END))
    block.remove(UNSEEN)
    before, _, rest = block.to_text().partition(BEGIN)
    anchor, _, after = rest.partition(END)
    left, middle, right = (
        collapse(before[-4 * AROUND :]),
        collapse(anchor),
        collapse(after[: 4 * AROUND]),
    )
    middle = _shorten(middle, MAX_ANCHOR)
    if len(left) > AROUND:
        left = "…" + left[-AROUND:].partition(" ")[2]
    if len(right) > AROUND:
        right = right[:AROUND].rpartition(" ")[0] + "…"
    gap_before = " " if before[-1:].isspace() else ""
    gap_after = " " if after[:1].isspace() else ""
    return f"{left}{gap_before}{middle}{gap_after}{right}".strip()


def _first(root: Document | Element, selectors: tuple[str, ...]) -> str:
    """The text of the first element that has any."""
    for selector in selectors:
        found = root.select_one(selector)
        if found is not None:
            text = collapse(found.attr("content") or found.text)
            if text:
                return text
    return ""


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
