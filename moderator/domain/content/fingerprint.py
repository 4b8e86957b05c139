"""What counts as "the same" text and "the same" author.

Repetition means something only where there is something to repeat: words of at least MIN_TEXT
letters (MIN_NEAR for nearly the same). Links are left out, because spam swaps them; a text that is
hardly more than a link is keyed by the link's host. Emoji alone have no key.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from unicodedata import category

from moderator.domain.links.find import Link, WrittenLink, without, written
from moderator.domain.submission import Author, Submission
from moderator.domain.text.fold import fold
from moderator.domain.text.marks import normalized
from moderator.domain.urls.same_page import canonical

MIN_TEXT = 12  # folded letters and digits below which repetition says nothing ("me too!")
WORDLESS = frozenset({"like", "repost", "bookmark"})  # linkbacks whose text is nobody's words
MIN_NEAR = 20  # the same for near repetition

# Platforms cut excerpts and mark the cut: "[…]", "[...]", "…", "..." at either end. The end is
# looked for in the text backwards: from the front each dot of a row would be a place to start.
CUT_START = re.compile(r"\s*+(?:(?:\[\s*+(?:…|\.{2,}+)\s*+\]|…|\.{3,}+)\s*+)++")
CUT_END = re.compile(r"\s*+(?:(?:\]\s*+(?:…|\.{2,}+)\s*+\[|…|\.{3,}+)\s*+)++")
WORD = re.compile(r"[^\W_]+")
APART = {code: " " for code in range(128) if not chr(code).isalnum()}
# Accents of Latin, Greek and Cyrillic letters, and letters with a stroke: folding drops them.
ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f\u0131\u0142\u0141øØđĐħĦ]")
SIGN = re.compile(r"(?<![\w-])-(?=\d)|[^\w\s-]")  # a minus, and whatever is no hyphen
# Punctuation that says something, beside all symbols; whoever asks does not say.
SAYING = frozenset("-%#&@?\u061f")
# Where everybody publishes, the host alone says nothing: the whole address counts.
PUBLIC = re.compile(
    r"(?:^|\.)(?:youtu\.be|(?:youtube|facebook|twitter|x|instagram|tiktok|reddit|github|medium"
    r"|blogspot|wordpress|google|archive|wikipedia|wikimedia)\.(?:com?|org)(?:\.\w\w)?)$"
)


def digest(text: str) -> str:
    """A 128-bit key: 32 hex digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def comparable(text: str) -> str:
    """The words of a text, folded: no punctuation, no links, no marks of a cut excerpt."""
    folded = fold(text)
    return words_without(folded, written(folded))


def words_without(folded: str, found: Sequence[WrittenLink]) -> str:
    """The same, where the text was folded and the links in it were found already."""
    return words_of(without(folded, found) if found else folded)


def words_of(folded: str) -> str:
    """The words of a folded text that has no links, with one space between them."""
    if folded.isascii():  # the same, ten times faster
        return " ".join(folded.translate(APART).split())
    return " ".join(WORD.findall(folded))


def near_text(text: str) -> str:
    """What near repetition is measured on; '' when it is too short to mean anything."""
    words = comparable(text)
    return words if len(words) >= MIN_NEAR else ""


def exact_key(text: str) -> str:
    """The key of a plain text, '' when repeating it means nothing."""
    folded = fold(text)
    found = written(folded)
    return key_of(words_without(folded, found), found)


def key_of(words: str, found: Sequence[WrittenLink]) -> str:
    """The key of a text with these comparable words and these links."""
    if len(words) >= MIN_TEXT:
        return digest(words)
    places = sorted({_place(each.link) for each in found})
    return digest(" ".join(["link", *places, words])) if places else ""


def text_key(submission: Submission) -> str:
    """The key of a text on its site; a linkback's counts for the page that it links to.

    A like says nothing by its text, nor does a linkback of a few words: who says it is what counts.
    """
    linkback, page = submission.linkback, page_key(submission)
    if linkback is None:
        return exact_key(submission.text)
    words = comparable(submission.text)
    if linkback.relation in WORDLESS or len(words) < MIN_TEXT:
        source = canonical(linkback.source)
        return digest(f"{linkback.relation in WORDLESS} {source} {page}") if source else ""
    return digest(f"{digest(words)} {page}")


def page_key(submission: Submission) -> str:
    """The target of a linkback, in one spelling; '' for a comment.

    One text may speak of two of our pages, and is then no copy: each page shows it once.
    """
    if submission.linkback is None:
        return ""
    return canonical(submission.linkback.target).partition("://")[2].rstrip("/")


def target_key(submission: Submission) -> str:
    """The key of the page that a linkback is about, '' for a comment.

    By which of a site's own hosts a page is named makes no difference.
    """
    return "" if submission.linkback is None else page_target_key(submission.linkback.target)


def page_target_key(address: str) -> str:
    """The same for the address of a page; '' for what is none."""
    page = canonical(address).partition("://")[2]
    return digest(page.partition("/")[2].rstrip("/")) if page else ""


def _place(link: Link) -> str:
    """What a text that is hardly more than a link is keyed by."""
    if link.url is None:
        return fold(link.raw)
    host = link.url.host.removeprefix("www.")
    if not PUBLIC.search(host):
        return host
    return f"{host}{link.url.path}?{link.url.query}".lower().rstrip("/?")


def author_key(author: Author) -> str:
    """The key of an author on one site; '' if unknown: a bare name is anybody's.

    In this order: the account; name and e-mail; name and IP address; name and page.
    """
    if author.id and author.is_authenticated:
        return digest(f"id {author.provider} {author.id}")
    name = " ".join(fold(author.name).split())
    if author.email:
        return digest(f"mail {fold(author.email)} {name}")
    if name and author.ip:
        return digest(f"ip {author.ip} {name}")
    if name and author.url:
        return digest(f"page {fold(author.url)} {name}")
    return ""


def hand_key(author: Author) -> str:
    """The key of whose hand wrote: account, name and e-mail, or name and address; '' if unknown.

    A bare name is everybody's, and an address alone that of a whole house.
    """
    if author.id and author.is_authenticated:
        return digest(f"id {author.provider} {author.id}")
    if author.email:
        return digest(f"mail {fold(author.email)} {fold(author.name)}")
    if author.name and author.ip:
        return digest(f"address {author.ip.strip()} {fold(author.name)}")
    return ""


def place_key(submission: Submission) -> str:
    """Of whose hand, and where: post and parent; of a linkback its source and target.

    '' where nobody can tell, and for the blog's own staff, who may say a thing twice.
    """
    linkback = submission.linkback
    if linkback is not None:
        source = canonical(linkback.source)
        return digest(f"{source} {page_key(submission)}") if source else ""
    hand, post = hand_key(submission.author), submission.post
    if not hand or submission.author.is_staff:
        return ""
    page = canonical(post.url) or post.url or post.id or post.title
    return digest(f"{hand} {page}\0{submission.parent_id}")


def address_key(author: Author) -> str:
    """The key of the visitor's address, in IPv6 of its network of 64 bits; '' if unknown."""
    if not author.ip:
        return ""
    try:
        address = ip_address(author.ip.strip())
    except ValueError:
        return ""
    known = address.packed[:8] if isinstance(address, IPv6Address) else address.packed
    return digest(f"address {known.hex()}")


def name_words(author: Author) -> str:
    """An author's name as it is compared with others: folded, no punctuation.

    Vowel signs stay: without them half a dozen Hindi names are "र म".
    """
    folded = fold(author.name)
    if folded.isascii():
        return words_of(folded)
    kept = (each if each.isalnum() or category(each)[0] == "M" else " " for each in folded)
    return " ".join("".join(kept).split())


def name_key(submission: Submission) -> str:
    """The key of the name that a comment stands under; '' without an e-mail address, and for staff.

    A name is anybody's: it says something only beside the addresses that it was given with.
    """
    author = submission.author
    if submission.linkback is not None or author.is_staff or not author.email:
        return ""
    name = name_words(author)
    return digest(f"name {name}") if name else ""


def signs(text: str) -> str:
    """What tells two texts with the same words apart: accents, vowels, signs that say something.

    "ano" is not "año", "बेटा" (a son) not "बेटी", "C" not "C++", "5" not "-5", "Really?" not
    "Really."; a comma or an exclamation mark is nothing.
    """
    accents = ACCENTS.findall(normalized("NFD", text)) if not text.isascii() else []
    found = SIGN.findall(fold(text))
    said = (sign for sign in found if sign in SAYING or category(sign)[0] in "SM")
    return "".join((*accents, "\0", *said))


def is_cut(text: str) -> bool:
    """Whether a platform marked that it cut this text at an end."""
    return len(_uncut(text)) < len(text)


def _uncut(text: str) -> str:
    """The text without the marks of a cut; looking for their dots first costs far less."""
    if "…" not in text and ".." not in text:
        return text
    start, end = CUT_START.match(text), CUT_END.match(text[::-1])
    return text[start.end() if start else 0 : len(text) - (end.end() if end else 0)]
