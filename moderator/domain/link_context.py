"""What a moderator wants to read about a found link: anchor, excerpt, title and author of its page.

Microformats are read as far as they are cheap: author and title of the h-entry around the link, and
what kind of answer it is. A full mf2 parse costs more than everything else together.
"""

from dataclasses import dataclass

from turbohtml import Document, Element, Text

from moderator.domain.urls import Url

AROUND = 100  # characters of the excerpt on each side of the anchor
MAX_ANCHOR = 200
MAX_NAME = 200
# Noncharacters: they stand in no text that an HTML parser let through.
BEGIN, END = "\ufdd0", "\ufdd1"
BLOCKS = (
    "p,li,dd,dt,td,th,blockquote,figcaption,caption,pre,h1,h2,h3,h4,h5,h6,summary,"
    "article,section,main,div,body"
)
UNSEEN = "script,style,template,textarea,noscript"
TITLES = ("head title", "h1", "title")
AUTHORS = ('meta[name="author" i]', "[rel~=author]", ".h-card .p-name", ".byline", ".author")
RELATIONS = {
    "u-in-reply-to": "reply",
    "u-like-of": "like",
    "u-repost-of": "repost",
    "u-bookmark-of": "bookmark",
}


@dataclass(frozen=True, slots=True)
class LinkContext:
    anchor_text: str = ""
    rel: str = ""
    relation: str = "mention"
    excerpt: str = ""
    title: str = ""
    author: str = ""


def context_of(element: Element, document: Document, page_url: Url) -> LinkContext:
    """Read the surroundings of a link. Marks the document: nothing else may use it afterwards."""
    entry = element.closest(".h-entry")
    title = _first(entry, (".p-name",)) or _first(document, TITLES) or page_url.host
    author = _first(entry, (".p-author .p-name", ".p-author"))
    classes = (element.attr("class") or "").split()
    relations = (RELATIONS[name] for name in classes if name in RELATIONS)
    return LinkContext(
        anchor_text=_shorten(_anchor_text(element), MAX_ANCHOR),
        rel=" ".join((element.attr("rel") or "").lower().split()),
        relation=next(relations, "mention"),
        title=_shorten(title, MAX_NAME),
        author=_shorten(author or _first(document, AUTHORS) or page_url.host, MAX_NAME),
        excerpt=_excerpt(element),
    )


def _anchor_text(element: Element) -> str:
    text = _collapse(element.text)
    if text or element.tag != "a":
        return text or _collapse(element.attr("alt") or "")
    picture = element.select_one("[alt]")
    named = element if picture is None else picture
    return _collapse(named.attr("alt") or named.attr("aria-label") or named.attr("title") or "")


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
        _collapse(before[-4 * AROUND :]),
        _collapse(anchor),
        _collapse(after[: 4 * AROUND]),
    )
    middle = _shorten(middle, MAX_ANCHOR)
    if len(left) > AROUND:
        left = "…" + left[-AROUND:].partition(" ")[2]
    if len(right) > AROUND:
        right = right[:AROUND].rpartition(" ")[0] + "…"
    gap_before = " " if before[-1:].isspace() else ""
    gap_after = " " if after[:1].isspace() else ""
    return f"{left}{gap_before}{middle}{gap_after}{right}".strip()


def _first(root: Document | Element | None, selectors: tuple[str, ...]) -> str:
    """The text of the first element that has any."""
    for selector in selectors if root is not None else ():
        found = root.select_one(selector) if root is not None else None
        if found is not None:
            text = _collapse(found.attr("content") or found.text)
            if text:
                return text
    return ""


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
