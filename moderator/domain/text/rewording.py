"""When one text is another told in other words: a spinner swaps some, the rest stays in order.

Texts are compared by their phrases: WIDTH words that follow each other. In this order:
1. a text of fewer than SHORTEST words is compared with nothing: people say the same short things;
2. one text must share PAIRWISE of its phrases with another, or TOGETHER of them with several that
   are alike themselves: what they all say is known better then;
3. what is shared stands in most parts of the text (SPREAD of PARTS). Who opens with the usual
   thanks, or quotes a sentence and answers it, shares one part only and says the rest on their own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
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
MIX, MASK = 0x9E3779B1, 0xFFFFFFFF

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{UNSPACED}]|[^ {UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Told:
    """A text as its phrases, in their order."""

    phrases: tuple[int, ...] = ()

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
    return Told(tuple(_hash(" ".join(found[at : at + width])) for at in starts))


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
    if shared < LEAST or share < least or not _is_spread(one.phrases, known):
        return 0.0
    if len(others) == 1 and not _is_spread(others[0].phrases, set(one.phrases)):
        return 0.0
    return share


def _is_spread(phrases: Sequence[int], known: Iterable[int]) -> bool:
    parts = {at * PARTS // len(phrases) for at, phrase in enumerate(phrases) if phrase in known}
    return len(parts) >= SPREAD
