"""What counts as "the same" text and "the same" author."""

import re
from hashlib import blake2b

from moderator.domain.folding import fold
from moderator.domain.submission import Author, Submission

MIN_TEXT = 12  # folded letters and digits below which repetition says nothing ("me too!")

# Platforms cut excerpts and mark the cut: "[…]", "[...]", "…", "..." at either end.
CUT = re.compile(
    r"^(?:\s*(?:\[\s*(?:…|\.{2,})\s*\]|…|\.{3,}))+|(?:(?:\[\s*(?:…|\.{2,})\s*\]|…|\.{3,})\s*)+$"
)
WORD = re.compile(r"[^\W_]+")


def digest(text: str) -> str:
    """A 128-bit key: 32 hex digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def comparable(text: str) -> str:
    """The words of a text, folded, without punctuation and without the marks of a cut excerpt."""
    return " ".join(WORD.findall(fold(CUT.sub("", text))))


def text_key(submission: Submission) -> str:
    """The key of the text, '' when it is too short to mean anything."""
    words = comparable(submission.text)
    return digest(words) if len(words) >= MIN_TEXT else ""


def author_key(author: Author) -> str:
    """The key of an author on one site: account, e-mail, or name and address; '' if unknown."""
    if author.id and author.is_authenticated:
        return digest(f"id {author.provider} {author.id}")
    if author.email:
        return digest(f"mail {fold(author.email)}")
    if author.name and author.url:
        return digest(f"name {fold(author.name)} {fold(author.url)}")
    return ""
