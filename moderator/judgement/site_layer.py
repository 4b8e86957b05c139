"""What one site taught: small weights on top of the shared model, learned from its moderators.

Every correction moves the weights of the text's own features. Then some ham anchors (honest texts
and opinions of our own writing) are gone through again, and if the change would hold more anchors
than the shared model does, two in a hundred apart, a smaller step is tried, and at last none.
A correction can be taken back exactly. No site's layer touches what another site uses.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.draft import (
    ENOUGH,
    HELD,
    STEP,
    Draft,
    anchor_odds,
    ham_anchors,
)
from moderator.judgement.features import Features, features
from moderator.judgement.model import Model, Odds, Weights, probability, totals
from moderator.judgement.sparse import Sparse, empty, sparse

HALVINGS = 3  # of a step that would hurt the anchors
SLACK = 0.02  # share of the anchors that may be held beyond those the shared model holds
SEEN_OFTEN = 2  # corrections in which a word makes it a known one
KEPT = 10_000  # corrections that can be taken back
STEP_BYTES = 256  # that one correction to take back costs in memory, at most
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text, and whether a moderator called it spam."""

    text: str
    is_spam: bool


@dataclass(frozen=True, slots=True, eq=False)
class SiteLayer:
    """`taught` are weights, `words` counts how often a word was met in corrections.

    `steps` remembers how far each lesson moved the weights, by the digest of its text; whoever only
    judges needs none.
    """

    taught: Sparse[np.float32] = field(default_factory=lambda: empty(np.float32))
    words: Sparse[np.uint8] = field(default_factory=lambda: empty(np.uint8))
    bias: float = 0.0
    lessons: int = 0
    refused: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> Weights:
        """One weight for every bucket; made anew each time."""
        return self.taught.dense()

    @property
    def seen(self) -> NDArray[np.uint8]:
        return self.words.dense()

    @property
    def nbytes(self) -> int:
        """About how much memory this takes."""
        return self.taught.nbytes + self.words.nbytes + STEP_BYTES * (1 + len(self.steps))

    def score(self, texts: Features) -> Odds:
        """What the site's experience adds to the log-odds of every text."""
        return totals(self.taught.at(texts.buckets), texts) + self.bias

    def is_familiar(self, texts: Features, model: Model) -> NDArray[np.bool_]:
        return model.is_familiar(texts, self.words.at(texts.word_buckets) >= SEEN_OFTEN)

    def learn(self, lesson: Lesson, model: Model) -> "SiteLayer":
        """The layer after a moderator's word; unchanged but for a count when the gate refuses."""
        key, found = digest(lesson.text), features([lesson.text])
        return self.learn_features(key, found, is_spam=lesson.is_spam, model=model)

    def learn_features(
        self, key: str, found: Features, *, is_spam: bool, model: Model
    ) -> "SiteLayer":
        """The same, of a text that is known by its digest and its features only."""
        before = self.take_back(key, found)
        draft = before.draft()
        error = is_spam - float(probability(model.log_odds(found) + draft.score(found))[0])
        words, lessons = _counted(before.words, found, 1), before.lessons + 1
        taught = replace(before, words=words, lessons=lessons)
        if abs(error) < ENOUGH:
            return replace(taught, steps=_remembered(before.steps, key, 0.0))
        most = _most_held(draft, model) if is_spam else ham_anchors().size
        step = STEP * error
        for _ in range(HALVINGS + 1):
            moved = draft.moved(found, step).replayed(model, lessons)
            if not is_spam or moved.held_anchors(model) <= most:
                return replace(taught.drawn(moved), steps=_remembered(before.steps, key, step))
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
        words = _counted(self.words, found, -1)
        untaught = replace(self, words=words, lessons=self.lessons - 1, steps=steps)
        return untaught.moved(found, -step)

    def moved(self, found: Features, step: float) -> "SiteLayer":
        return self.drawn(self.draft().moved(found, step))

    def draft(self) -> Draft:
        """The weights, to be moved."""
        return Draft(self.weights, self.bias)

    def drawn(self, draft: Draft) -> "SiteLayer":
        """The layer with the weights of a draft."""
        return replace(self, taught=sparse(draft.weights), bias=draft.bias)

    def held_anchors(self, model: Model) -> int:
        """How many ham anchors would be held."""
        return self.draft().held_anchors(model)

    def to_bytes(self) -> bytes:
        """For storage."""
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
            places=self.taught.places,
            weights=self.taught.values,
            words=self.words.places,
            seen=self.words.values,
            numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
        )
        return file.getvalue()


def from_bytes(stored: bytes) -> SiteLayer:
    """Read a stored layer. Raises ValueError when its format is not ours."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as parts:
        numbers = json.loads(parts["numbers"].tobytes())
        if numbers["format"] != FORMAT:
            raise ValueError(f"Site layer of format {numbers['format']}, expected {FORMAT}")
        taught = Sparse(parts["places"], parts["weights"])
        words = Sparse(parts["words"], parts["seen"])
    return SiteLayer(
        taught, words, numbers["bias"], numbers["lessons"], numbers["refused"], numbers["steps"]
    )


def digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _most_held(draft: Draft, model: Model) -> int:
    """How many anchors may be held after the next lesson: those near the line may cross it."""
    untaught = int((probability(anchor_odds(model)) >= HELD).sum())
    return max(draft.held_anchors(model), untaught + int(SLACK * ham_anchors().size))


def _counted(seen: Sparse[np.uint8], found: Features, change: int) -> Sparse[np.uint8]:
    words = np.unique(found.word_buckets)
    counts = seen.dense()
    counts[words] = np.clip(counts[words].astype(np.int16) + change, 0, 255).astype(np.uint8)
    return sparse(counts)


def _remembered(steps: Mapping[str, float], key: str, step: float) -> dict[str, float]:
    kept = dict(steps)
    kept[key] = step
    while len(kept) > KEPT:
        del kept[next(iter(kept))]  # the oldest
    return kept
