"""Says which pieces of a text carried its score, in the words of the text.

The contribution of every feature is spread over the characters it covers, so the pieces add up to
the whole score. Done only where somebody will read it; a whole batch at once, without sorting.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from moderator.domain.check import ScoredPiece
from moderator.judgement.text.features import (
    BUCKETS,
    WIDTHS,
    Buckets,
    bucket,
    pair_buckets,
    word_buckets,
)
from moderator.judgement.text.ngrams import Batch, Places, batch, grams
from moderator.judgement.text.words import pairs, words

MAX_CARRIERS = 3
MAX_PIECE_LETTERS = 60  # characters of a piece that are shown
BLANK = 32

Spread = NDArray[np.float64]
Weigher = Callable[[Buckets], NDArray[np.floating]]  # log-odds of features


@dataclass(frozen=True, slots=True)
class TextPieces:
    """Neighbouring words that count the same way, with their log-odds; all of a text add up.

    Piece i belongs to text `texts[i]` and spans `starts[i]` to `ends[i]` of the batch.
    """

    texts: Places
    starts: Places
    ends: Places
    odds: Spread


def carriers(weigh: Weigher, readings: Sequence[str]) -> list[tuple[ScoredPiece, ...]]:
    """The pieces of each text (as the model reads it) that count most towards spam."""
    if not readings:
        return []
    laid = batch(readings)
    found = pieces(laid, spread(weigh, laid))
    spammy = np.flatnonzero(found.odds > 0)
    order = spammy[np.lexsort((-found.odds[spammy], found.texts[spammy]))].tolist()
    strongest: list[list[ScoredPiece]] = [[] for _ in readings]
    for place in order:
        text = int(found.texts[place])
        if len(strongest[text]) == MAX_CARRIERS:
            continue
        start, end = found.starts[place], found.ends[place]
        offset = laid.starts[text]
        shown = readings[text][start - offset : end - offset].strip()[:MAX_PIECE_LETTERS]
        if shown:
            strongest[text].append(ScoredPiece(shown, round(float(found.odds[place]), 2)))
    return [tuple(each) for each in strongest]


def spread(weigh: Weigher, laid: Batch) -> Spread:
    """What every character of a batch adds to the log-odds of its text, but for the bias."""
    found = words(laid)
    twos = pairs(found)
    covers = [
        (word_buckets(found), found.texts, found.starts, found.ends),
        (pair_buckets(twos), twos.texts, twos.starts, twos.ends),
    ]
    for width in WIDTHS:
        seen = grams(laid, width)
        owner = np.repeat(np.arange(laid.size), np.diff(seen.starts))
        covers.append((bucket(seen.hashes), owner, seen.places, seen.places + width))
    buckets, owner, starts, ends = map(np.concatenate, zip(*covers, strict=True))
    buckets = buckets.astype(np.int64)
    shares = 1.0 / _times(buckets, owner, laid.size)
    norms = np.sqrt(np.bincount(owner, shares, laid.size))
    each = weigh(buckets) * shares / norms[owner] / (ends - starts)
    length = int(laid.starts[-1]) + 1
    slope = np.bincount(starts, each, length) - np.bincount(ends, each, length)
    summed: Spread = np.cumsum(slope)[:-1]
    return summed


def _times(buckets: Buckets, owner: Places, size: int) -> Places:
    """How often each feature occurs in its text: it counts once, however often that is."""
    order = np.argsort(owner.astype(np.uint16 if size <= 1 << 16 else np.int64), kind="stable")
    bounds = np.cumsum([0, *np.bincount(owner, minlength=size)]).tolist()
    grouped = buckets[order]
    times = np.empty_like(buckets)
    last = np.empty(BUCKETS, dtype=np.int64)  # where each feature of a text was seen last
    for start, end in pairwise(bounds):
        seen = grouped[start:end]
        last[seen] = np.arange(len(seen))
        who = last[seen]
        times[order[start:end]] = np.bincount(who, minlength=len(seen))[who]
    return times


def pieces(laid: Batch, per_character: Spread) -> TextPieces:
    """Gather the words of each text that stand together and count the same way."""
    begins = np.zeros(len(laid.points), dtype=bool)
    begins[1:] = laid.points[:-1] == BLANK
    begins[laid.starts[:-1]] = True
    tokens = np.flatnonzero(begins)
    sums = np.add.reduceat(per_character, tokens)
    texts = np.searchsorted(laid.starts, tokens, side="right") - 1
    is_spammy = sums > 0
    changes = np.ones(len(tokens), dtype=bool)
    changes[1:] = (is_spammy[1:] != is_spammy[:-1]) | (texts[1:] != texts[:-1])
    first = np.flatnonzero(changes)
    starts = tokens[first]
    ends = np.append(starts[1:], laid.starts[-1])
    return TextPieces(texts[first], starts, ends, np.add.reduceat(sums, first))
