"""MinHash sketches of a whole batch: two texts are nearly the same when their sketches agree.

64 permutations of the 4-gram hashes; 16 bands of 4 values find candidates, and at least half of
the 64 values must agree. Sketch what `domain.content.fingerprint.near_text` returns, unless that
is ''.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import MIN_NEAR
from moderator.domain.ports import SketchedText
from moderator.judgement.text.ngrams import batch, grams, portions

Sketches = NDArray[np.uint32]
LowBytes = NDArray[np.uint8]  # of the values of sketches: enough to compare them by

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
GRAM_LETTERS = 4
NEAR_SIMILARITY = 0.5
MAX_LETTERS = 20_000  # characters of a text that count
CHUNK_VALUES = 1 << 14  # permuted values that are cheap to hold at once
MIX = np.uint64(0x9E3779B97F4A7C15)
BY_CHANCE = 1 / 256  # how often the low bytes of two different values agree

_SEEDED = np.random.Generator(np.random.PCG64(20_140_401))
_FACTORS = _SEEDED.integers(1, 2**32, PERMUTATIONS, dtype=np.uint32) | np.uint32(1)
_OFFSETS = _SEEDED.integers(0, 2**32, PERMUTATIONS, dtype=np.uint32)


def sketch(texts: Sequence[str]) -> Sketches:
    """Return one row of 64 values per text; equal texts have equal rows, on every machine."""
    read = [text[:MAX_LETTERS].ljust(GRAM_LETTERS) for text in texts]
    rows = np.empty((len(texts), PERMUTATIONS), dtype=np.uint32)
    for group in portions(range(len(read)), read):
        rows[group] = _sketched([read[place] for place in group])
    return rows


def _sketched(texts: Sequence[str]) -> Sketches:
    found = grams(batch(texts), GRAM_LETTERS)
    rows = np.empty((PERMUTATIONS, len(texts)), dtype=np.uint32)
    # A few permutations at a time: one by one is slow for one text, all at once for many.
    step = max(1, min(PERMUTATIONS, CHUNK_VALUES // len(found.hashes)))
    for first in range(0, PERMUTATIONS, step):
        some = slice(first, first + step)
        permuted = found.hashes * _FACTORS[some, None]
        permuted += _OFFSETS[some, None]
        permuted ^= permuted >> np.uint32(16)
        np.minimum.reduceat(permuted, found.starts[:-1], axis=1, out=rows[some])
    return rows.T


def band_keys(sketches: Sketches) -> NDArray[np.uint64]:
    """The 16 keys of each sketch: near texts share at least one. Every band has keys of its own."""
    keys = np.tile(np.arange(1, BANDS + 1, dtype=np.uint64), (len(sketches), 1))
    values = sketches.reshape(-1, BANDS, ROWS).astype(np.uint64)
    for row in range(ROWS):
        keys = (keys ^ values[:, :, row]) * MIX
        keys ^= keys >> np.uint64(29)
    return keys


def likeness(some: LowBytes, others: LowBytes) -> NDArray[np.float64]:
    """The similarity of each pair of rows, estimated from the low bytes of their sketches."""
    agree = np.count_nonzero(some == others, axis=1)
    found: NDArray[np.float64] = (agree / PERMUTATIONS - BY_CHANCE) / (1 - BY_CHANCE)
    return found


def similarity(one: Sketches, other: Sketches) -> float:
    """The share of values that agree: an estimate of how many 4-grams two texts share (Jaccard)."""
    return float(np.count_nonzero(one == other)) / PERMUTATIONS


def sketched(everyone: Sequence[Facts]) -> list[SketchedText]:
    """Those whose text is long enough to be compared, with their sketches."""
    found = [facts for facts in everyone if len(facts.words) >= MIN_NEAR]
    sketches = zip(found, sketch([facts.words for facts in found]), strict=True)
    return [
        SketchedText(f.submission.id, f.submission.site_id, row.tobytes()) for f, row in sketches
    ]
