"""Marks where alike texts differ from the most typical of them, word by word, in linear time.

A word is no difference where it stands beside the same neighbour as in the typical text, or where
the typical text has it just as far from the last such place, before it or behind it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MOST = 400  # words of a text that are compared: the first
WORD = re.compile(r"\S+")
EDGES = ".,;:!?\"'()[]{}<>*_~…“”‘’«»-–—"  # noqa: RUF001  # quotation marks are what is meant


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, with the space behind it."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """`typical` is the place of the most typical text; `pieces` of each text make it up again."""

    typical: int
    pieces: tuple[tuple[Piece, ...], ...]


def compare(texts: Sequence[str]) -> Compared:
    """Compare texts with the one that shares most with the others."""
    words = [_words(text) for text in texts]
    pairs = [set(pairwise(each)) for each in words]
    common = Counter(pair for each in pairs for pair in each)
    shares = [sum(common[pair] for pair in each) / (len(each) or 1) for each in pairs]
    typical = max(range(len(texts)), key=lambda at: (shares[at], -at), default=0)
    known = words[typical] if texts else []
    return Compared(
        typical,
        tuple(
            _pieces(text, [False] * len(each) if at == typical else _differing(each, known))
            for at, (text, each) in enumerate(zip(texts, words, strict=True))
        ),
    )


def _words(text: str) -> list[str]:
    """As they are compared: no matter how they are written, and what stands at their edges."""
    found = (word[0].strip(EDGES).casefold() for word in WORD.finditer(text))
    return [word for word, _ in zip(found, range(MOST), strict=False)]


def _differing(words: Sequence[str], known: Sequence[str]) -> list[bool]:
    places: dict[tuple[str, str], int] = {}
    for at, pair in enumerate(pairwise(known)):
        places.setdefault(pair, at)
    is_known = [False] * len(words)
    pairs = [*pairwise(words)]
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        # How much further the typical text is at the same place: from either end.
        ahead = 0 if order.step > 0 else len(known) - len(words)
        for at in order:
            place = places.get(pairs[at]) if at < len(pairs) else None
            if place is not None:
                is_known[at] = is_known[at + 1] = True
                ahead = place - at
            elif 0 <= at + ahead < len(known) and known[at + ahead] == words[at]:
                is_known[at] = True
    return [not one for one in is_known]


def _pieces(text: str, differing: Sequence[bool]) -> tuple[Piece, ...]:
    starts = [found.start() for found in WORD.finditer(text)][: len(differing)]
    if not starts:
        return (Piece(text),) if text else ()
    ends = [*starts[1:], len(text)]
    cut = [(text[start:end], is_new) for start, end, is_new in
           zip([0, *starts[1:]], ends, differing, strict=True)]  # fmt: skip
    return tuple(
        Piece("".join(part for part, _ in run), differs)
        for differs, run in groupby(cut, key=lambda part: part[1])
    )
