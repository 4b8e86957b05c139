"""What the model sees of a text: which character n-grams, words and word pairs occur in it.

Presence, not counts, and scaled so that length is no evidence: honest long posts have much of
everything. Every feature is one of 2^18 buckets; the same code serves training and scoring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderator.domain.content.prose import prose_of
from moderator.judgement.text.ngrams import Batch, Hashes, Places, batch, gram_hashes
from moderator.judgement.text.words import Words, pairs, words

BITS = 18
BUCKETS = 1 << BITS
MAX_TEXTS_IN_32_BITS = 1 << (32 - BITS)  # texts of a batch whose features fit into 32 bits
WIDTHS = (2, 3, 4, 5)
HEAD, TAIL = 3_000, 1_000  # characters of a long text that are read
_SPREAD = np.uint32(0x9E3779B1)
_SHIFT = np.uint32(32 - BITS)
_WORD, _PAIR = np.uint32(0x51ED270B), np.uint32(0x2545F491)

Buckets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """The buckets of a batch: text i has `buckets[starts[i]:starts[i+1]]`, each once."""

    buckets: Buckets
    starts: Places

    @property
    def size(self) -> int:
        return len(self.starts) - 1

    @property
    def norms(self) -> NDArray[np.float32]:
        """What a sum over the buckets of each text is divided by."""
        return np.sqrt(np.maximum(np.diff(self.starts), 1)).astype(np.float32)


def reading(text: str) -> str:
    """The text as the model reads it: its prose, the middle of a very long one left out."""
    return as_read(prose_of(text))


def as_read(prose: str) -> str:
    """The same, where the prose is known."""
    if len(prose) > HEAD + TAIL:
        prose = f"{prose[:HEAD]} {prose[-TAIL:]}"
    return f" {prose} "


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
    """Find the features of texts as the model reads them."""
    count = laid.size
    width = np.dtype(np.uint32 if count <= MAX_TEXTS_IN_32_BITS else np.uint64)
    found = words(laid)
    twos = pairs(found)
    parts = [_keys(word_buckets(found), found.texts, width)]
    parts.append(_keys(pair_buckets(twos), twos.texts, width))
    parts += _gram_keys(laid, width)
    keys = _distinct(np.concatenate(parts))
    ends = np.arange(1, count + 1, dtype=np.uint64) << np.uint64(BITS)
    starts = np.concatenate(([0], np.searchsorted(keys, ends)))
    return Features((keys & (BUCKETS - 1)).astype(np.int64), starts)


def _keys(buckets: Hashes, owner: Places, width: np.dtype[Any]) -> NDArray[Any]:
    """Text and bucket as one number; half as wide is twice as fast."""
    keys = owner.astype(width)
    keys <<= BITS
    keys |= buckets
    return keys


def _gram_keys(laid: Batch, width: np.dtype[Any]) -> list[NDArray[Any]]:
    """The keys of all grams; one that would reach over the end of its text is left out."""
    owner = np.repeat(np.arange(laid.size, dtype=width) << BITS, np.diff(laid.starts))
    ends = laid.starts[1:]
    is_whole = np.ones(len(owner), dtype=bool)
    keys = []
    for reach in range(1, WIDTHS[-1]):
        # What lies before a text that is shorter still is too near to the end of its own.
        is_whole[np.maximum(ends - reach, 0)] = False
        if reach + 1 in WIDTHS:
            hashes = bucket(gram_hashes(laid.points, reach + 1))
            whole = is_whole[: len(hashes)]
            keys.append((owner[: len(hashes)] | hashes)[whole])
    return keys


def _distinct(keys: NDArray[Any]) -> NDArray[Any]:
    """Each key once, sorted."""
    keys.sort()
    is_first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    return keys[is_first]
