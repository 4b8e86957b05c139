"""Says which pieces of a text carried its score, in the words of the text.

The contribution of every feature is spread over the characters it covers, so the pieces add up to
the whole score. Done only where a moderator will read it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moderator.domain.check import Carrier
from moderator.judgement.features import (
    BITS,
    BUCKETS,
    WIDTHS,
    bucket,
    pair_buckets,
    reading,
    word_buckets,
)
from moderator.judgement.grams import Batch, batch, grams
from moderator.judgement.model import Weights
from moderator.judgement.words import pairs, words

MOST = 3
LONGEST = 60  # characters of a piece that are shown

Spread = NDArray[np.float64]


def carriers(
    weights: Weights, texts: Sequence[str], scale: float = 1.0
) -> list[tuple[Carrier, ...]]:
    """The pieces of each text that count most towards spam, strongest first."""
    if not texts:
        return []
    read = [reading(text) for text in texts]
    laid = batch(read)
    counted = spread(weights, laid) * scale
    return [
        _strongest(pieces(text, counted[start:end]))
        for text, start, end in zip(read, laid.starts[:-1], laid.starts[1:], strict=True)
    ]


def _strongest(found: list[tuple[str, float]]) -> tuple[Carrier, ...]:
    spammy = sorted((piece for piece in found if piece[1] > 0), key=lambda piece: -piece[1])
    return tuple(Carrier(words[:LONGEST], round(odds, 2)) for words, odds in spammy[:MOST])


def spread(weights: Weights, laid: Batch) -> Spread:
    """What every character of a batch (as the model reads it) adds to the raw sum of its text."""
    found = words(laid)
    twos = pairs(found)
    covers = [
        (word_buckets(found), found.starts, found.ends),
        (pair_buckets(twos), twos.starts, twos.ends),
    ]
    for width in WIDTHS:
        seen = grams(laid, width)
        covers.append((bucket(seen.hashes), seen.places, seen.places + width))
    buckets = np.concatenate([cover[0] for cover in covers]).astype(np.int64)
    starts = np.concatenate([cover[1] for cover in covers])
    ends = np.concatenate([cover[2] for cover in covers])
    owner = np.searchsorted(laid.starts, starts, side="right") - 1
    # A feature counts once, however often it occurs in a text.
    distinct, places, times = np.unique(
        (owner << BITS) | buckets, return_inverse=True, return_counts=True
    )
    texts = distinct >> BITS
    norms = np.sqrt(np.bincount(texts, minlength=laid.size))
    each = weights[distinct & (BUCKETS - 1)] / times / norms[texts]
    share = each[places] / (ends - starts)
    length = int(laid.starts[-1]) + 1
    slope = np.bincount(starts, share, length) - np.bincount(ends, share, length)
    summed: Spread = np.cumsum(slope)[:-1]
    return summed


def pieces(read: str, per_character: Spread) -> list[tuple[str, float]]:
    """Neighbouring words that count the same way, with their sums; all of them add up."""
    tokens = read.split(" ")
    starts = np.cumsum([0, *(len(token) + 1 for token in tokens[:-1])])
    runs: list[tuple[str, float]] = []
    # The last token has no blank after it and may be empty: a zero is added for it.
    sums = np.add.reduceat(np.append(per_character, 0.0), starts)
    for token, odds in zip(tokens, sums.tolist(), strict=True):
        if runs and (runs[-1][1] > 0) == (odds > 0):
            runs[-1] = (f"{runs[-1][0]} {token}".strip(), runs[-1][1] + odds)
        else:
            runs.append((token, odds))
    return runs
