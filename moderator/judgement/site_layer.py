"""What one site taught: small weights on top of the shared model, learned from its moderators.

Every correction moves the weights of the text's own features. Then some ham anchors (honest texts
and opinions of our own writing) are gone through again, and if the change would hold more anchors
than the shared model does, two in a hundred apart, a smaller step is tried, and at last none.
A correction can be taken back exactly. No site's layer touches what another site uses.
"""

import io
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.features import BUCKETS, Buckets, Features, features
from moderator.judgement.model import Model, Odds, Weights, probability, sums
from moderator.judgement.phrasebook import phrasebook

STEP = 12.0  # how far one correction moves; chosen on streams of a language new to the model
BIAS_STEP = 0.1
REPLAYED = 4  # anchors gone through again after each correction
HALVINGS = 3  # of a step that would hurt the anchors
ENOUGH = 0.02  # an error that is none
HELD = 0.4
SLACK = 0.02  # share of the anchors that may be held beyond those the shared model holds
ANCHORS = 400
SEEN_OFTEN = 2  # corrections in which a word makes it a known one
KEPT = 10_000  # corrections that can be taken back
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text, and whether a moderator called it spam."""

    text: str
    is_spam: bool


@dataclass(frozen=True, slots=True, eq=False)
class SiteLayer:
    """`steps` remembers how far each lesson moved the weights, by the digest of its text."""

    weights: Weights = field(default_factory=lambda: np.zeros(BUCKETS, dtype=np.float32))
    seen: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(BUCKETS, dtype=np.uint8))
    bias: float = 0.0
    lessons: int = 0
    refused: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)

    def score(self, texts: Features) -> Odds:
        """What the site's experience adds to the log-odds of every text."""
        return sums(self.weights, texts) + self.bias

    def is_familiar(self, texts: Features, model: Model) -> NDArray[np.bool_]:
        return model.is_familiar(texts, self.seen[texts.word_buckets] >= SEEN_OFTEN)

    def learn(self, lesson: Lesson, model: Model) -> "SiteLayer":
        """The layer after a moderator's word; unchanged but for a count when the gate refuses."""
        key, found = digest(lesson.text), features([lesson.text])
        return self.learn_features(key, found, is_spam=lesson.is_spam, model=model)

    def learn_features(
        self, key: str, found: Features, *, is_spam: bool, model: Model
    ) -> "SiteLayer":
        """The same, of a text that is known by its digest and its features only."""
        before = self.take_back(key, found)
        error = is_spam - float(probability(model.log_odds(found) + before.score(found))[0])
        taught = replace(before, seen=_counted(before.seen, found, 1), lessons=before.lessons + 1)
        if abs(error) < ENOUGH:
            return replace(taught, steps=_remembered(before.steps, key, 0.0))
        step = STEP * error
        for _ in range(HALVINGS + 1):
            moved = taught.moved(found, step).replayed(model)
            if not is_spam or moved.held_anchors(model) <= before.most_held(model):
                return replace(moved, steps=_remembered(before.steps, key, step))
            step /= 2
        return replace(before, refused=before.refused + 1)

    def forget(self, text: str) -> "SiteLayer":
        """The layer as if this text had not been taught (what the anchors moved remains)."""
        key = digest(text)
        return self.take_back(key, features([text])) if key in self.steps else self

    def take_back(self, key: str, found: Features) -> "SiteLayer":
        """The same, of a text that is known by its digest and its features only."""
        step = self.steps.get(key)
        if step is None:
            return self
        steps = {other: moved for other, moved in self.steps.items() if other != key}
        taught = replace(self, seen=_counted(self.seen, found, -1), lessons=self.lessons - 1)
        return replace(taught.moved(found, -step), steps=steps)

    def moved(self, found: Features, step: float) -> "SiteLayer":
        weights = self.weights.copy()
        weights[found.buckets] += np.float32(step / float(found.norms[0]))
        return replace(self, weights=weights, bias=self.bias + BIAS_STEP * step / STEP)

    def replayed(self, model: Model) -> "SiteLayer":
        """Go through the anchors whose turn it is: whatever they became, they are ham."""
        anchors = ham_anchors()
        layer = self
        for turn in range(REPLAYED):
            index = (self.lessons * REPLAYED + turn) % anchors.size
            anchor = _one(anchors, index)
            odds = model.log_odds(anchor) + layer.score(anchor)
            error = float(probability(odds)[0])
            if error >= ENOUGH:
                layer = layer.moved(anchor, -STEP * error)
        return layer

    def held_anchors(self, model: Model) -> int:
        """How many ham anchors would be held."""
        anchors = ham_anchors()
        odds = anchor_odds(model) + self.score(anchors)
        return int((probability(odds) >= HELD).sum())

    def most_held(self, model: Model) -> int:
        """How many may be held after the next lesson: those near the line may cross it."""
        untaught = int((probability(anchor_odds(model)) >= HELD).sum())
        return max(self.held_anchors(model), untaught + int(SLACK * ham_anchors().size))

    def to_bytes(self) -> bytes:
        """For storage: only what is not zero."""
        places = np.flatnonzero(self.weights)
        words = np.flatnonzero(self.seen)
        numbers = {
            "format": FORMAT,
            "bias": self.bias,
            "lessons": self.lessons,
            "refused": self.refused,
            "steps": dict(self.steps),
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            places=places.astype(np.uint32),
            weights=self.weights[places],
            words=words.astype(np.uint32),
            seen=self.seen[words],
            numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
        )
        return file.getvalue()


def from_bytes(stored: bytes) -> SiteLayer:
    """Read a stored layer. Raises ValueError when its format is not ours."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as parts:
        numbers = json.loads(parts["numbers"].tobytes())
        if numbers["format"] != FORMAT:
            raise ValueError(f"Site layer of format {numbers['format']}, expected {FORMAT}")
        weights = np.zeros(BUCKETS, dtype=np.float32)
        weights[parts["places"]] = parts["weights"]
        seen = np.zeros(BUCKETS, dtype=np.uint8)
        seen[parts["words"]] = parts["seen"]
    return SiteLayer(
        weights, seen, numbers["bias"], numbers["lessons"], numbers["refused"], numbers["steps"]
    )


def digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


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


def _counted(seen: NDArray[np.uint8], found: Features, change: int) -> NDArray[np.uint8]:
    words = np.unique(found.word_buckets)
    counts = seen.copy()
    counts[words] = np.clip(counts[words].astype(np.int16) + change, 0, 255).astype(np.uint8)
    return counts


def _remembered(steps: Mapping[str, float], key: str, step: float) -> dict[str, float]:
    kept = dict(steps)
    kept[key] = step
    while len(kept) > KEPT:
        del kept[next(iter(kept))]  # the oldest
    return kept
