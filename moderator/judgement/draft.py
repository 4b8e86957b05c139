"""A site's weights while they are moved, and the honest texts that hold them back.

The ham anchors are honest texts and opinions of our own writing. After each correction some of them
are gone through again, whatever they became: they are ham.
"""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np

from moderator.judgement.features import Buckets, Features, features
from moderator.judgement.model import Model, Odds, Weights, probability, sums
from moderator.judgement.phrasebook import phrasebook

STEP = 12.0  # how far one correction moves; chosen on streams of a language new to the model
BIAS_STEP = 0.1
REPLAYED = 4  # anchors gone through again after each correction
ENOUGH = 0.02  # an error that is none
HELD = 0.4
ANCHORS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One weight for every bucket, and a bias."""

    weights: Weights
    bias: float

    def score(self, texts: Features) -> Odds:
        return sums(self.weights, texts) + self.bias

    def moved(self, found: Features, step: float) -> "Draft":
        """The draft after one text moved it."""
        weights = self.weights.copy()
        weights[found.buckets] += np.float32(step / float(found.norms[0]))
        return Draft(weights, self.bias + BIAS_STEP * step / STEP)

    def replayed(self, model: Model, lessons: int) -> "Draft":
        """Go through the anchors whose turn it is after so many lessons."""
        anchors = ham_anchors()
        draft = self
        for turn in range(REPLAYED):
            index = (lessons * REPLAYED + turn) % anchors.size
            anchor = _one(anchors, index)
            odds = model.log_odds(anchor) + draft.score(anchor)
            error = float(probability(odds)[0])
            if error >= ENOUGH:
                draft = draft.moved(anchor, -STEP * error)
        return draft

    def held_anchors(self, model: Model) -> int:
        """How many ham anchors would be held."""
        odds = anchor_odds(model) + self.score(ham_anchors())
        return int((probability(odds) >= HELD).sum())


@cache
def ham_anchors() -> Features:
    """Honest texts of our own writing that no site may teach itself to hold."""
    chance = random.Random(7)  # noqa: S311 (repeatable, not secret)
    book = phrasebook()
    honest = [phrasing.template for phrasing in book.phrasings if not phrasing.is_spam]
    chosen = chance.sample(honest, min(ANCHORS, len(honest)))
    return features([book.write(template, chance) for template in chosen])


@cache
def anchor_odds(model: Model) -> Odds:
    """What the shared model says about the anchors, computed once."""
    return model.log_odds(ham_anchors())


def _one(texts: Features, index: int) -> Features:
    buckets: Buckets = texts.buckets[texts.starts[index] : texts.starts[index + 1]]
    none = np.zeros(0, dtype=np.int64)
    return Features(buckets, np.array([0, len(buckets)]), none, none, np.zeros(1, dtype=np.int64))
