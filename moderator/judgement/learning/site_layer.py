"""What one site taught: small weights beside the shared model, learned from its moderators.

They are the sum of what each lesson adds, in whole units: so the same lessons make the same
weights in whatever order they are added up. No site's layer touches what another site uses.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.learning.sparse import Sparse, empty, sparse
from moderator.judgement.text.features import Features
from moderator.judgement.text.model import Odds, Weights

WEIGHT_UNIT = 1 / (1 << 20)  # log-odds of a weight of 1
PRIOR_ODDS = -1.0  # log-odds of a text that is judged by the site's own experience only
KEPT_LESSONS = 5_000  # lessons that count; the oldest beyond them is forgotten
STEP_BYTES = 256  # that one lesson to go through again costs in memory, at most
FORMAT = 2
OLD_FORMAT = 1  # whole steps, over the shared model; to be learned anew from the lessons

Whole = NDArray[np.int32]


class Effect(StrEnum):
    """What became of a lesson."""

    TAKEN = "taken"
    WAITS = "waits"  # little is taken until another lesson says the same
    REFUSED = "refused"  # too many honest texts of our own would be held


@dataclass(frozen=True, slots=True)
class Step:
    """What one lesson adds: so much towards spam, or away from it.

    `is_alone` says that the shared model cannot read the text.
    """

    is_spam: bool
    is_alone: bool = False
    size: float = 0.0
    effect: Effect = Effect.TAKEN

    @property
    def side(self) -> float:
        return 1.0 if self.is_spam else -1.0


def _no_weights() -> Sparse[np.int32]:
    return empty(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class SiteLayer:
    """`over` are weights on top of the shared model, `alone` those of texts that it cannot read.

    `steps` (by the key of the lesson, oldest first) and `held_back` (by the place of the anchor)
    are what the weights are made of; whoever only judges needs neither. `basis` is the one of the
    shared model that was learned upon.
    """

    over: Sparse[np.int32] = field(default_factory=_no_weights)
    alone: Sparse[np.int32] = field(default_factory=_no_weights)
    lessons: int = 0
    steps: Mapping[str, Step] = field(default_factory=dict)
    held_back: Mapping[int, float] = field(default_factory=dict)
    basis: str = ""
    bias: float = 0.0  # of an old format

    @property
    def weights(self) -> Weights:
        """One weight over the shared model for every bucket; made anew each time."""
        return (self.over.dense() * WEIGHT_UNIT).astype(np.float32)

    @property
    def own_weights(self) -> Weights:
        """The same, for texts that the shared model cannot read."""
        return (self.alone.dense() * WEIGHT_UNIT).astype(np.float32)

    @property
    def nbytes(self) -> int:
        """About how much memory this takes."""
        weights = self.over.nbytes + self.alone.nbytes
        return weights + STEP_BYTES * (1 + len(self.steps))

    def count(self, effect: Effect) -> int:
        """How many lessons came to this."""
        return sum(step.effect is effect for step in self.steps.values())

    def score(self, texts: Features) -> Odds:
        """What the site's experience adds to the shared model's log-odds of every text."""
        return summed(self.over.at(texts.buckets), texts) + self.bias

    def score_alone(self, texts: Features) -> Odds:
        """The log-odds of texts that the shared model cannot read, by the site's experience."""
        return PRIOR_ODDS + summed(self.alone.at(texts.buckets), texts)

    def for_judging(self) -> "SiteLayer":
        """The same without what only lessons need."""
        return replace(self, steps={}, held_back={})

    def to_bytes(self) -> bytes:
        """For storage."""
        numbers = {
            "format": FORMAT,
            "basis": self.basis,
            "lessons": self.lessons,
            "steps": [
                [key, int(step.is_spam), int(step.is_alone), step.size, step.effect]
                for key, step in self.steps.items()
            ],
            "held_back": sorted(self.held_back.items()),
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            places=self.over.places,
            weights=self.over.values,
            alone_places=self.alone.places,
            alone_weights=self.alone.values,
            numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
        )
        return file.getvalue()


def summed(gathered: Whole, texts: Features) -> Odds:
    """The scaled sum of the weights of each text's features, which are given one by one."""
    if not texts.size:
        return np.zeros(0)
    total = np.add.reduceat(gathered, texts.starts[:-1], dtype=np.int64)
    return total * WEIGHT_UNIT / texts.norms


def from_bytes(stored: bytes) -> SiteLayer:
    """Read a stored layer. Raises ValueError when its format is not ours.

    One of the old format judges as it did, on no basis: it is to be learned anew.
    """
    with np.load(io.BytesIO(stored), allow_pickle=False) as parts:
        numbers = json.loads(parts["numbers"].tobytes())
        over = Sparse(parts["places"], parts["weights"])
        if numbers["format"] == OLD_FORMAT:
            over = sparse(np.rint(over.dense() / WEIGHT_UNIT).astype(np.int32))
            steps = {key: Step(moved > 0) for key, moved in numbers["steps"].items()}
            lessons, bias = numbers["lessons"], numbers["bias"]
            return SiteLayer(over, lessons=lessons, steps=steps, bias=bias)
        if numbers["format"] != FORMAT:
            raise ValueError(f"Site layer of format {numbers['format']}, expected {FORMAT}")
        alone = Sparse(parts["alone_places"], parts["alone_weights"])
    return SiteLayer(
        over,
        alone,
        numbers["lessons"],
        {
            key: Step(bool(is_spam), bool(is_alone), size, Effect(effect))
            for key, is_spam, is_alone, size, effect in numbers["steps"]
        },
        {int(place): size for place, size in numbers["held_back"]},
        numbers["basis"],
    )
