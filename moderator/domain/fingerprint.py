"""What counts as "the same" text and "the same" author.

Repetition means something only where there is something to repeat: words of at least MIN_TEXT
letters (MIN_NEAR for nearly the same). Links are left out, because spam swaps them; a text that is
hardly more than a link is keyed by the link's host. Emoji alone have no key.
"""

import re
from difflib import SequenceMatcher
from hashlib import blake2b

from moderator.domain.canonical import canonical
from moderator.domain.folding import fold
from moderator.domain.submission import Author, Submission

MIN_TEXT = 12  # folded letters and digits below which repetition says nothing ("me too!")
WORDLESS = frozenset({"like", "repost", "bookmark"})  # linkbacks whose text is nobody's words
MIN_NEAR = 20  # the same for near repetition

# When one text repeats another: how alike two passages must be to count as a slip of the pen, the
# share of characters that may say something else, and how many may be cut off at an end.
ALIKE, SLIPS, CUT_OFF = 0.6, 0.04, 15
LONGEST = 2_000  # characters that are compared, at a cost that grows with their square

# Platforms cut excerpts and mark the cut: "[…]", "[...]", "…", "..." at either end. The end is
# looked for in the text backwards: from the front each dot of a row would be a place to start.
CUT_START = re.compile(r"\s*+(?:(?:\[\s*+(?:…|\.{2,}+)\s*+\]|…|\.{3,}+)\s*+)++")
CUT_END = re.compile(r"\s*+(?:(?:\]\s*+(?:…|\.{2,}+)\s*+\[|…|\.{3,}+)\s*+)++")
WORD = re.compile(r"[^\W_]+")
APART = {code: " " for code in range(128) if not chr(code).isalnum()}
LINK = re.compile(r"\b(?:https?://|www\.)([^\s/?#<>\"']+)([^\s<>\"']*)")
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
    return " ".join(_words(_without_links(fold(_uncut(text)))))


def near_text(text: str) -> str:
    """What near repetition is measured on; '' when it is too short to mean anything."""
    words = comparable(text)
    return words if len(words) >= MIN_NEAR else ""


def exact_key(text: str) -> str:
    """The key of a plain text, '' when repeating it means nothing."""
    words = comparable(text)
    if len(words) >= MIN_TEXT:
        return digest(words)
    places = sorted({_place(link) for link in LINK.finditer(fold(text))})
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


def _words(folded: str) -> list[str]:
    if folded.isascii():  # the same, ten times faster
        return folded.translate(APART).split()
    return WORD.findall(folded)


def _without_links(folded: str) -> str:
    return LINK.sub(" ", folded) if "http" in folded or "www." in folded else folded


def _place(link: re.Match[str]) -> str:
    host = link[1].removeprefix("www.").rstrip(".:")
    return host + link[2].rstrip("/") if PUBLIC.search(host) else host


def author_key(author: Author) -> str:
    """The key of an author on one site: account, e-mail, or name and address; '' if unknown."""
    if author.id and author.is_authenticated:
        return digest(f"id {author.provider} {author.id}")
    if author.email:
        return digest(f"mail {fold(author.email)}")
    if author.name and author.url:
        return digest(f"name {fold(author.name)} {fold(author.url)}")
    return ""


def repeats(text: str, earlier: str) -> bool:
    """Whether one text is another with slips, other links or a marked cut, and says nothing else.

    A campaign swaps names and boasts: those are near texts, but not the same one.
    """
    words, before = comparable(text)[:LONGEST].split(), comparable(earlier)[:LONGEST].split()
    steps = SequenceMatcher(None, before, words, autojunk=False).get_opcodes()
    other = sum(_otherwise(before[a:b], words[c:d]) for how, a, b, c, d in steps if how != "equal")
    ends = (steps[0], steps[-1]) if steps and (_is_cut(text) or _is_cut(earlier)) else ()
    for _, a, b, c, d in ends:
        if a == b or c == d:  # words at an end that only one of them has
            other -= min(_otherwise(before[a:b], words[c:d]), CUT_OFF)
    return other <= SLIPS * len(" ".join(words))


def _is_cut(text: str) -> bool:
    """Whether a platform marked a cut."""
    return len(_uncut(text)) < len(text)


def _uncut(text: str) -> str:
    """The text without the marks of a cut; looking for their dots first costs far less."""
    if "…" not in text and ".." not in text:
        return text
    start, end = CUT_START.match(text), CUT_END.match(text[::-1])
    return text[start.end() if start else 0 : len(text) - (end.end() if end else 0)]


def _otherwise(before: list[str], words: list[str]) -> int:
    """How many characters of two passages are not explained by slips of the pen."""
    one, other = " ".join(before), " ".join(words)
    if SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE:
        return 0
    return max(len(one), len(other))
