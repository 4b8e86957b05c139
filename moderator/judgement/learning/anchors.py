"""Texts of our own writing whose judgement a lesson about something else must not change.

Honest ones and opinions, and advertisements of every theme. Each remembers what the shared model
makes of it; lessons of a site may move it a little, or for good when there are many of them.
"""

import random
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.phrasebook import FOLDER, phrasebook
from moderator.judgement.text.features import Buckets, Features, features
from moderator.judgement.text.model import Model, Odds

HAM, SPAM = 240, 240  # how many of each
SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """`sides` are -1 for the honest and +1 for advertisements."""

    texts: Features
    sides: NDArray[np.float64]

    def at(self, place: int) -> Buckets:
        """The features of one of them."""
        found: Buckets = self.texts.buckets[self.texts.starts[place] : self.texts.starts[place + 1]]
        return found


@cache
def anchors() -> Anchors:
    chance = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    book = phrasebook()
    chosen = []
    for is_spam, count in ((False, HAM), (True, SPAM)):
        of_kind = [each.template for each in book.phrasings if each.is_spam is is_spam]
        chosen += chance.sample(of_kind, count)
    texts = features([book.write(template, chance) for template in chosen])
    return Anchors(texts, np.repeat([-1.0, 1.0], [HAM, SPAM]))


@cache
def anchor_odds(model: Model) -> Odds:
    """What the shared model says about the anchors, computed once."""
    return model.log_odds(anchors().texts)


@cache
def basis(model: Model) -> str:
    """Changes with whatever lessons are learned upon: the shared model, what anchors are of."""
    hashed = blake2b(digest_size=8)
    hashed.update(model.weights.tobytes())
    hashed.update(np.array([model.bias, model.slope, model.offset]).tobytes())
    for path in sorted(FOLDER.glob("*.txt")):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()
