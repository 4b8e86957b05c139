"""Reads what microformats say of a link and its page: relation, author, title, words.

Only as much as a linkback needs, and only names that are known (microformats.org: h-entry, h-cite,
h-event, h-card; the older hAtom): class names of style sheets that look alike mean nothing.
Properties of a nested item never belong to the item around it, so a reply's context is neither its
author nor its text. Every walk is bounded.
"""

from collections.abc import Iterator
from itertools import islice

from turbohtml import Document, Element

from moderator.domain.urls.parse import Url, read

MAX_DEPTH = 500  # the parser's own limit
MAX_ITEMS = 40  # elements of one kind that are looked at
# A comment on an entry stands in it and is one of its own.
ENTRIES = ".h-entry,.h-event,.hentry,.u-comment.h-cite,.p-comment.h-cite"
CARDS = ".h-card,.vcard"
CITES = ".h-cite"
ITEMS = f"{ENTRIES},{CARDS},{CITES},.h-feed,.hfeed,.h-review,.h-product,.h-recipe,.h-item,.h-app"
NAMES = ".p-name,.fn"
RELATIONS = {
    "in-reply-to": "reply",
    "like-of": "like",
    "like": "like",
    "repost-of": "repost",
    "repost": "repost",
    "bookmark-of": "bookmark",
    "bookmark": "bookmark",
}
PROPERTIES = {f"{prefix}-{name}": said for name, said in RELATIONS.items() for prefix in "up"}
# Elements without words that carry an address only by such a property.
WORDLESS = ",".join(
    f"{tag}.{name}[{attribute}]"
    for tag, attribute in (("data", "value"), ("link", "href"))
    for name in PROPERTIES
)
MENTION = "mention"
MENTIONS = ".u-mention,.p-mention"


def entry_of(element: Element) -> Element | None:
    """The entry whose link this is; not one that is quoted as what the entry is about."""
    entry = element.closest(ENTRIES)
    for _ in range(MAX_DEPTH):
        if entry is None or not _said(entry):
            return entry
        outer = _around(entry, ENTRIES)
        if outer is None:
            return entry
        entry = outer
    return entry


def relation_of(element: Element) -> str:
    """reply, like, repost or bookmark by the link's own class or that of what encloses it."""
    entry = entry_of(element)
    if entry is None:
        return MENTION
    for node in _upwards(element, entry):
        said = _said(node)
        if said:
            return said
        if node.matches(ITEMS) and node is not element:
            return MENTION  # quoted for another reason
    return "reply" if "in-reply-to" in (element.attr("rel") or "").lower().split() else MENTION


def is_named(element: Element) -> bool:
    """Whether the markup says what a link is for, so that it needs no words of its own."""
    is_mention = element.matches(MENTIONS) and entry_of(element) is not None
    return is_mention or relation_of(element) != MENTION


def is_quoted(element: Element, entry: Element | None) -> bool:
    """Whether the link stands in what the entry quotes."""
    cite = element.closest(CITES)
    return cite is not None and cite != entry and _around(cite, ENTRIES) == entry


def author_of(entry: Element | None, document: Document, page: Url) -> str:
    """Who wrote the entry: its own author, its feed's, or whom the page is about; '' if unsaid."""
    if entry is not None:
        feed = _around(entry, ".h-feed,.hfeed")
        for item in (entry, feed):
            said = _own(item, ".p-author,.author") if item is not None else None
            name = _name_of(said) if said is not None else ""
            if name:
                return name
    return _representative(document, page)


def title_of(entry: Element | None) -> str:
    """The entry's own name; '' for a note, whose name is its text."""
    named = _own(entry, ".p-name,.entry-title") if entry is not None else None
    if named is None or named.matches(".e-content,.p-content,.entry-content,.p-summary"):
        return ""
    return collapse(named.text)


def words_of(entry: Element | None) -> str:
    """What the writer of the entry says. Takes what is quoted out of the page."""
    if entry is None:
        return ""
    for selector in (
        ".e-content,.p-content,.entry-content",
        ".p-summary,.entry-summary",
        ".p-name",
    ):
        said = _own(entry, selector)
        if said is not None:
            said.remove(f"{CITES},{ENTRIES},script,style,template,textarea,noscript")
            words = collapse(said.to_text())
            if words:
                return words
    return ""


def collapse(text: str) -> str:
    return " ".join(text.split())


def _said(element: Element) -> str:
    """The relation that an element's own classes name; '' for none."""
    classes = (element.attr("class") or "").split()
    return next((PROPERTIES[name] for name in classes if name in PROPERTIES), "")


def _upwards(element: Element, end: Element) -> Iterator[Element]:
    """The element and what is around it, up to but without `end`."""
    yield element
    for node in islice(element.ancestors, MAX_DEPTH):
        if not isinstance(node, Element) or node == end:
            return
        yield node


def _around(element: Element, selector: str) -> Element | None:
    parent = element.parent
    return parent.closest(selector) if isinstance(parent, Element) else None


def _own(item: Element, selector: str) -> Element | None:
    """The first property of the item itself."""
    found = islice(item.select(selector), MAX_ITEMS)
    return next((one for one in found if _around(one, ITEMS) == item), None)


def _name_of(said: Element) -> str:
    """The name in a p-author: of the card that it is or holds, of its picture, or its text."""
    card = said if said.matches(CARDS) else said.select_one(CARDS)
    for item in (card, said):
        if item is None:
            continue
        named = item.select_one(NAMES)
        picture = item.select_one("img[alt]")
        told = named.text if named is not None else item.text
        name = collapse(told) or (collapse(picture.attr("alt") or "") if picture else "")
        if name or item.attr("alt"):
            return name or collapse(item.attr("alt") or "")
    return ""


def _representative(document: Document, page: Url) -> str:
    """The card of whom the whole page is about: it names the page's own address or its site."""
    cards = [
        card for card in islice(document.select(CARDS), MAX_ITEMS) if _around(card, CITES) is None
    ]
    for card in cards:
        if any(_is_of(address, page) for address in _addresses(card, page)):
            return _name_of(card)
    return ""


def _addresses(card: Element, page: Url) -> Iterator[Url]:
    own = [card] if card.attr("href") else []
    for link in (*own, *islice(card.select(".u-url[href],.url[href],.u-uid[href]"), MAX_ITEMS)):
        address = read(link.attr("href") or "", page.href)
        if address is not None:
            yield address


def _is_of(address: Url, page: Url) -> bool:
    is_site = address.path in ("", "/") and not address.query
    return address.authority == page.authority and (is_site or address.path == page.path)
