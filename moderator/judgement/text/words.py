"""Hashes of the words of a whole batch at once; what is a word is decided by a table of letters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.text.ngrams import FACTORS, Batch, Hashes, Places

TABLE = 0x10000  # beyond lie emoji and rare scripts
_IS_LETTER: NDArray[np.bool_] = np.array(list(map(str.isalnum, map(chr, range(TABLE)))))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch: their hashes, the text each belongs to, and where each lies."""

    hashes: Hashes
    texts: Places
    starts: Places
    ends: Places


def words(texts: Batch) -> Words:
    """Hash every word. Every text must end with something that is no letter."""
    points = texts.points
    letters = _IS_LETTER[np.minimum(points, TABLE - 1)]
    edges = np.flatnonzero(np.diff(letters, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Words(np.zeros(0, dtype=np.uint32), none, none, none)
    lengths = ends - starts
    firsts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    position = np.arange(lengths.sum()) - np.repeat(firsts, lengths)
    letter = points[letters] * FACTORS[0] + position.astype(np.uint32) * FACTORS[1]
    letter ^= letter >> np.uint32(15)
    letter *= FACTORS[2]
    letter ^= letter >> np.uint32(13)
    hashes = np.add.reduceat(letter * FACTORS[3], firsts, dtype=np.uint32)
    owner = np.searchsorted(texts.starts, starts, side="right") - 1
    return Words(hashes, owner, starts, ends)


def pairs(found: Words) -> Words:
    """Two words that follow each other in a text, as one."""
    together = found.texts[1:] == found.texts[:-1]
    hashes = (found.hashes[:-1] * FACTORS[4]) ^ (found.hashes[1:] + FACTORS[1])
    hashes ^= hashes >> np.uint32(15)
    return Words(
        (hashes * FACTORS[0])[together],
        found.texts[:-1][together],
        found.starts[:-1][together],
        found.ends[1:][together],
    )
