"""When one text is another told in other words: a spinner swaps some, the rest stays in order.

Texts are compared by their phrases: WIDTH words that follow each other. In this order:
1. a text of fewer than SHORTEST words is compared with nothing: people say the same short things;
2. one text must share PAIRWISE of its phrases with another, or TOGETHER of them with several that
   are alike themselves: what they all say is known better then;
3. what is shared stands in most parts of the text (SPREAD of PARTS), and no stretch of more than
   OWN words is its own. Who opens with the usual thanks, or quotes a sentence and answers it, says
   the rest in one piece.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby
from zlib import crc32

WIDTH = 3  # words of a phrase
LETTERS = 5  # the same in scripts that put no space between words: each letter is a word there
SHORTEST = 20  # words
LONGEST = 400  # words that are looked at: the first
KEYS = 16  # phrases by which a text is found
HOLDERS = 8  # of one phrase that are looked at: the latest
PAIRWISE = 0.12
TOGETHER = 0.2
LEAST = 4  # phrases in common
PARTS, SPREAD = 4, 3
OWN = {WIDTH: 7, LETTERS: 16}  # words, by the width of a phrase
CHANCE = 3  # letters of a word that two texts have at the same place without meaning it
MIX, MASK = 0x9E3779B1, 0xFFFFFFFF

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{UNSPACED}]|[^ {UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Told:
    """A text as its words and the phrases that begin with each, `width` words long."""

    words: tuple[str, ...] = ()
    phrases: tuple[int, ...] = ()
    width: int = WIDTH

    @property
    def keys(self) -> tuple[int, ...]:
        """Texts that share phrases share some of these: the KEYS smallest, whatever they say."""
        return tuple(nsmallest(KEYS, set(self.phrases)))


NOTHING = Told()


def told(words: str) -> Told:
    """The phrases of comparable words (domain/content/fingerprint.py)."""
    found = WORD.findall(words)[:LONGEST]
    if len(found) < SHORTEST:
        return NOTHING
    is_unspaced = sum(len(word) == 1 and word >= "\u0e00" for word in found) * 2 > len(found)
    width = LETTERS if is_unspaced else WIDTH
    starts = range(len(found) - width + 1)
    phrases = (_hash(" ".join(found[at : at + width])) for at in starts)
    return Told(tuple(found), tuple(phrases), width)


def _hash(phrase: str) -> int:
    """Mixed, for the smallest are kept: a checksum alone is not even enough for that."""
    mixed = (crc32(phrase.encode("utf-8", "surrogatepass")) ^ MASK) * MIX & MASK
    return (mixed ^ mixed >> 15) * MIX & MASK


def resemblance(one: Told, others: Sequence[Told]) -> float:
    """The share of its phrases that the others have too, 0 where that does not mean anything.

    `others` belong together.
    """
    if not one.phrases or not others:
        return 0.0
    known = set().union(*(other.phrases for other in others))
    shared = len(known.intersection(one.phrases))
    if len(others) > 1:
        share, least = shared / len(set(one.phrases)), TOGETHER
    else:
        # Of the longer one: to be part of something long is not to be it.
        share, least = shared / max(len(set(one.phrases)), len(known)), PAIRWISE
    if shared < LEAST or share < least or not _is_told_by(one, known, others):
        return 0.0
    if len(others) == 1 and not _is_told_by(others[0], set(one.phrases), [one]):
        return 0.0
    return share


def _is_told_by(one: Told, known: Collection[int], others: Sequence[Told]) -> bool:
    """Whether the others say most parts of it, and all but short stretches."""
    phrases = one.phrases
    parts = {at * PARTS // len(phrases) for at, phrase in enumerate(phrases) if phrase in known}
    if len(parts) < SPREAD:
        return False
    said = [False] * len(one.words)
    for other in others:
        for at in _same(one, other):
            said[at] = True
    return _longest_own(one.words, said) <= OWN[one.width]


def _longest_own(words: Sequence[str], said: Sequence[bool]) -> int:
    """The longest stretch of its own, in words; a short one that both have by chance is in it."""
    longest = length = at = 0
    for is_said, run in groupby(said):
        count = sum(1 for _ in run)
        is_chance = is_said and count == 1 and len(words[at]) <= CHANCE
        length = length + count if is_chance or not is_said else 0
        longest = longest if is_said else max(longest, length)
        at += count
    return longest


def _same(one: Told, other: Told) -> Iterator[int]:
    """Where one says what the other says: in a phrase, or as far from the closest such phrase.

    From the one before it or the one behind it: in between a word may have become two.
    """
    places: Mapping[int, int] = {phrase: at for at, phrase in reversed([*enumerate(other.phrases)])}
    last = len(one.words) - 1
    for order in (range(last + 1), range(last, -1, -1)):
        ahead = 0 if order.step > 0 else len(other.words) - len(one.words)
        for at in order:
            place = places.get(one.phrases[at]) if at < len(one.phrases) else None
            if place is not None:
                ahead = place - at
                yield from range(at, at + one.width)
            elif 0 <= at + ahead < len(other.words) and other.words[at + ahead] == one.words[at]:
                yield at
