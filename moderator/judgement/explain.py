"""Says which pieces of a text carried its score, in the words of the text.

The contribution of every feature is spread over the characters it covers, so the pieces add up to
the whole score. Done for one text at a time, and only where a moderator will read it.
"""

import numpy as np
from numpy.typing import NDArray

from moderator.domain.check import Carrier
from moderator.judgement.features import (
    BUCKETS,
    WIDTHS,
    bucket,
    of_batch,
    pair_buckets,
    reading,
    word_buckets,
)
from moderator.judgement.grams import Places, batch, grams
from moderator.judgement.model import Weights
from moderator.judgement.words import pairs, words

MOST = 3
LONGEST = 60  # characters of a piece that are shown

Spread = NDArray[np.float64]


def carriers(weights: Weights, text: str, scale: float = 1.0) -> tuple[Carrier, ...]:
    """The pieces of the text that count most towards spam, strongest first."""
    read = reading(text)
    found = pieces(read, spread(weights, read) * scale)
    strongest = sorted((piece for piece in found if piece[1] > 0), key=lambda piece: -piece[1])
    return tuple(
        Carrier(words[:LONGEST], round(odds, 2)) for words, odds in strongest[:MOST] if odds > 0
    )


def spread(weights: Weights, read: str) -> Spread:
    """What every character of a text (as the model reads it) adds to the raw sum."""
    laid = batch([read])
    norm = float(of_batch(laid).norms[0])
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
    times = np.bincount(buckets, minlength=BUCKETS)  # a feature counts once, however often it is
    each: Spread = weights[buckets].astype(np.float64) / times[buckets] / norm
    return _over_characters(each, starts, ends, len(read))


def _over_characters(each: Spread, starts: Places, ends: Places, length: int) -> Spread:
    share = each / (ends - starts)
    slope = np.zeros(length + 1)
    np.add.at(slope, starts, share)
    np.add.at(slope, ends, -share)
    return np.cumsum(slope)[:length]


def pieces(read: str, per_character: Spread) -> list[tuple[str, float]]:
    """Neighbouring words that count the same way, with their sums; all of them add up."""
    runs: list[tuple[str, float]] = []
    start = 0
    for word in read.split(" "):
        end = start + len(word) + 1
        odds = float(per_character[start:end].sum())
        start = end
        if runs and (runs[-1][1] > 0) == (odds > 0):
            runs[-1] = (f"{runs[-1][0]} {word}".strip(), runs[-1][1] + odds)
        else:
            runs.append((word, odds))
    return runs
