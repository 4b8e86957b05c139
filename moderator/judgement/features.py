"""What the model sees of a text: which character n-grams, words and word pairs occur in it.

Presence, not counts, and scaled so that length is no evidence: honest long posts have much of
everything. Every feature is one of 2^18 buckets; the same code serves training and scoring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderator.domain.folding import fold
from moderator.judgement.grams import Batch, Hashes, Places, batch, grams
from moderator.judgement.words import Words, pairs, words

BITS = 18
BUCKETS = 1 << BITS
SMALL = 1 << (32 - BITS)  # texts of a batch whose features fit into 32 bits
WIDTHS = (2, 3, 4, 5)
HEAD, TAIL = 3_000, 1_000  # characters of a long text that are read
_SPREAD = np.uint32(0x9E3779B1)
_SHIFT = np.uint32(32 - BITS)
_WORD, _PAIR = np.uint32(0x51ED270B), np.uint32(0x2545F491)

Buckets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """The buckets of a batch: text i has `buckets[starts[i]:starts[i+1]]`, each once.

    `words[i]` says how many words text i has, `word_buckets` which, `word_texts` whose they are.
    """

    buckets: Buckets
    starts: Places
    word_buckets: Buckets
    word_texts: Places
    word_counts: Places

    @property
    def size(self) -> int:
        return len(self.starts) - 1

    @property
    def norms(self) -> NDArray[np.float32]:
        """What a sum over the buckets of each text is divided by."""
        return np.sqrt(np.maximum(np.diff(self.starts), 1)).astype(np.float32)


def reading(text: str) -> str:
    """The text as the model reads it: folded, the middle of a very long one left out."""
    folded = fold(text)
    if len(folded) > HEAD + TAIL:
        folded = f"{folded[:HEAD]} {folded[-TAIL:]}"
    return f" {folded} "


def bucket(hashes: Hashes) -> Hashes:
    return (hashes * _SPREAD) >> _SHIFT


def word_buckets(found: Words) -> Hashes:
    return bucket(found.hashes + _WORD)


def pair_buckets(found: Words) -> Hashes:
    return bucket(found.hashes + _PAIR)


def features(texts: Sequence[str]) -> Features:
    """Find the features of a whole batch of plain texts."""
    return of_batch(batch([reading(text) for text in texts]))


def of_batch(laid: Batch) -> Features:
    count = laid.size
    found = words(laid)
    twos = pairs(found)
    lone = word_buckets(found)
    parts = [(lone, found.texts), (pair_buckets(twos), twos.texts)]
    for width in WIDTHS:
        seen = grams(laid, width)
        owner = np.repeat(np.arange(count), np.diff(seen.starts))
        parts.append((bucket(seen.hashes), owner))
    keys = _distinct(parts, np.dtype(np.uint32 if count <= SMALL else np.uint64))
    ends = np.arange(1, count + 1, dtype=np.uint64) << np.uint64(BITS)
    starts = np.concatenate(([0], np.searchsorted(keys, ends)))
    counts = np.bincount(found.texts, minlength=count)
    buckets = (keys & (BUCKETS - 1)).astype(np.int64)
    return Features(buckets, starts, lone.astype(np.int64), found.texts, counts)


def _distinct(parts: Sequence[tuple[Hashes, Places]], width: np.dtype[Any]) -> NDArray[Any]:
    """Each feature of each text once, as one number, sorted; half as wide is twice as fast."""
    keys = np.concatenate([owner for _, owner in parts]).astype(width)
    keys <<= BITS
    keys |= np.concatenate([part for part, _ in parts])
    keys.sort()
    is_first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    return keys[is_first]
