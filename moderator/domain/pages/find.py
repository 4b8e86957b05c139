"""What a moderator looks for in a list, and the words by which a submission is found.

A word is found by its beginning. What is written without spaces (Han, kana, Thai and others) is
found by every two characters that stand together. Mail addresses, hosts and IP addresses are words
too, whole and from each of their beginnings.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from moderator.domain.content.facts import Facts
from moderator.domain.text.fold import fold

MOST = 200  # words of a submission that it is found by: the first
ASKED = 8  # words that are looked for at once
LONGEST = 32  # characters of a word, and of what is asked for
LABELS = 4  # of a host, from its end: it is found by what it lies under
# Letters that stand beside each other without spaces between words.
UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Letters with the signs for vowels that are no letters by themselves.
SPELLED = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0e00"
RUN = re.compile(f"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\\W_]|[{SPELLED}])+")
IS_UNSPACED = re.compile(f"[{UNSPACED}]")
EDGES = "()[]{}<>\"'.,;:!?*_~#/\\|-"
INSIDE = re.compile("[.@:]")
FACET = "="  # before what is no word: no word begins with it


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    HONEST = "honest"  # most likely honest first: by the score


class Mark(StrEnum):
    """What may be said of a submission beside its words."""

    REPORTED = "reported"
    EDITED = "edited"
    FAILED = "failed"  # its callback was given up


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; what is '' or None is not asked.

    `days` is at most how many days ago it came, at least so many where it is negative. Scores are
    inclusive.
    """

    text: str = ""
    site: str = ""
    kind: str = ""
    reason: str = ""
    language: str = ""
    least: float | None = None
    most: float | None = None
    days: int = 0
    marks: frozenset[Mark] = frozenset()
    sort: Sort = Sort.NEWEST

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked: the list as it is."""
        return self == PLAIN

    @property
    def is_filter(self) -> bool:
        """Whether it leaves anything out."""
        return self not in {Query(sort=sort) for sort in Sort}

    @property
    def words(self) -> tuple[str, ...]:
        """The beginnings of words that all must be there."""
        return tuple(dict.fromkeys(asked(self.text)))[:ASKED]

    @property
    def facets(self) -> tuple[str, ...]:
        named = (("reason", self.reason), ("language", self.language), ("kind", self.kind))
        return tuple(facet(name, value) for name, value in named if value)


PLAIN = Query()


def facet(name: str, value: str) -> str:
    """The entry by which everything with a reason, of a kind, in a language is found."""
    return f"{FACET}{name}:{value[: 2 * LONGEST]}"


def words_of(facts: Facts) -> list[str]:
    """The words by which a submission is found, each once: who and from where, then its text."""
    it = facts.submission
    author = it.author
    found: dict[str, None] = {}
    found.update(dict.fromkeys(_addresses(facts)))
    for text in (author.name, author.email, it.text or it.content):
        for word in _words(fold(text)):
            found[word] = None
            if len(found) >= MOST:
                return list(found)
    return list(found)


def asked(text: str) -> Iterator[str]:
    """The beginnings of words that are asked for, in order."""
    for piece in fold(text[: LONGEST * 2 * ASKED]).split():
        bare = piece.partition("://")[2].partition("/")[0] if "://" in piece else piece
        bare = bare.strip(EDGES)
        if INSIDE.search(bare):
            yield bare.removeprefix("www.")[:LONGEST]
        else:
            yield from (word for run in RUN.finditer(bare) for word in _asked_of(run[0]))


def _asked_of(run: str) -> Iterator[str]:
    if not IS_UNSPACED.match(run) or len(run) == 1:
        yield run[:LONGEST]
        return
    yield from (run[at : at + 2] for at in range(len(run) - 1))


def _addresses(facts: Facts) -> Iterator[str]:
    author = facts.submission.author
    if author.ip:
        yield author.ip.lower()[:LONGEST]
    mail = fold(author.email)
    if "@" in mail:
        yield mail[:LONGEST]
    yield from _hosts([mail.rpartition("@")[2], *facts.named_hosts])


def _hosts(hosts: Iterable[str]) -> Iterator[str]:
    """Each host with what it lies under, but for the last label."""
    for host in hosts:
        labels = host.split(".")[-LABELS:]
        if host:
            yield host[:LONGEST]
            yield from (".".join(labels[at:])[:LONGEST] for at in range(1, len(labels) - 1))


def _words(folded: str) -> Iterator[str]:
    for piece in folded.split():
        if "://" not in piece and INSIDE.search(bare := piece.strip(EDGES)):
            yield bare[:LONGEST]
        for run in RUN.finditer(piece):
            word = run[0]
            if IS_UNSPACED.match(word):
                yield from (word[at : at + 2] for at in range(len(word)))
            else:
                yield word[:LONGEST]
