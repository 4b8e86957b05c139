"""MinHash sketches of a whole batch: two texts are nearly the same when their sketches agree.

64 permutations of the 4-gram hashes; 16 bands of 4 values find candidates, and at least half of
the 64 values must agree. Sketch what `domain.fingerprint.near_text` returns, unless that is ''.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.grams import batch, grams

Sketches = NDArray[np.uint32]

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
WIDTH = 4
NEAR = 0.5
LONGEST = 20_000  # characters of a text that count
CACHED = 1 << 14  # permuted values that are cheap to hold at once

_SEEDED = np.random.Generator(np.random.PCG64(20_140_401))
_FACTORS = _SEEDED.integers(1, 2**32, PERMUTATIONS, dtype=np.uint32) | np.uint32(1)
_OFFSETS = _SEEDED.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32)


def sketch(texts: Sequence[str]) -> Sketches:
    """Return one row of 64 values per text; equal texts have equal rows, on every machine."""
    found = grams(batch([text[:LONGEST].ljust(WIDTH) for text in texts]), WIDTH)
    rows = np.empty((PERMUTATIONS, len(texts)), dtype=np.uint32)
    if not texts:
        return rows.T
    # A few permutations at a time: one by one is slow for one text, all at once for many.
    step = max(1, min(PERMUTATIONS, CACHED // len(found.hashes)))
    for first in range(0, PERMUTATIONS, step):
        some = slice(first, first + step)
        permuted = found.hashes * _FACTORS[some, None]
        permuted += _OFFSETS[some, None]
        permuted ^= permuted >> np.uint32(16)
        np.minimum.reduceat(permuted, found.starts[:-1], axis=1, out=rows[some])
    return np.ascontiguousarray(rows.T)


def bands(row: Sketches) -> list[bytes]:
    """The 16 keys of one sketch: near texts share at least one. 17 bytes each, the band first."""
    raw = row.tobytes()
    width = 4 * ROWS
    return [bytes([band]) + raw[band * width : (band + 1) * width] for band in range(BANDS)]


def similarity(one: Sketches, other: Sketches) -> float:
    """The share of values that agree: an estimate of how many 4-grams two texts share (Jaccard)."""
    return float(np.count_nonzero(one == other)) / PERMUTATIONS
