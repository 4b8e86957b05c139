"""Learns from lessons: one moves one step, and many go as far as they say.

The weights are a sum: each lesson adds the features of its text, scaled by a size between 0 and
MAX_LESSON_ODDS (MAX_EARLY_ODDS while a site has taught little). A lesson's size is raised until
its text is right by LESSON_MARGIN; then some earlier lessons are gone through again, and the
anchors that it moved most: those get sizes of their own, which hold them where the shared model has
them. So:
- no lesson moves another text by more than MAX_LESSON_ODDS times their likeness;
- a lesson that the shared model is sure against adds little, until another one says the same;
- so does each that calls a few words spam: whoever wrote them was, and anybody may say them;
- what would hold more honest texts of our own is refused;
- without a lesson all is as if it had never been taught, because the others are learned again.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from moderator.domain.links.find import unlinked
from moderator.judgement.learning.anchors import HAM, anchor_odds, anchors, basis
from moderator.judgement.learning.site_layer import (
    KEPT_LESSONS,
    PRIOR_ODDS,
    WEIGHT_UNIT,
    Effect,
    SiteLayer,
    Step,
    Whole,
    summed,
)
from moderator.judgement.learning.sparse import sparse
from moderator.judgement.text.features import Buckets, Features, features
from moderator.judgement.text.languages import is_read, language_of
from moderator.judgement.text.model import Model, Odds

LESSON_MARGIN = 2.0  # log-odds by which a text that was taught is to be right
MAX_LESSON_ODDS = 2.0  # that one lesson adds to a text just like its own
MAX_EARLY_ODDS, EARLY_LESSONS = 4.0, 50  # while there are fewer lessons
SURE_ODDS = 2.2  # log-odds of .9: the shared model is sure
WARY_SHARE = 0.5  # what a lesson adds against a sure model
SECONDED_ODDS = 0.15  # by which the others push the same way, so that it is not wary any more
FEW_PIECES = 150  # of about 30 letters: n-grams, words and pairs
LESSONS_AGAIN = 8  # earlier lessons that are gone through again after each
ANCHORS_AGAIN = 4  # anchors as well
ANCHOR_MAX_ODDS = 1.0
ANCHOR_MARGIN = {-1.0: 2.0, 1.0: 4.0}  # log-odds beyond which an anchor may move freely
ANCHOR_SLACK_ODDS = 0.1  # log-odds that an anchor may move anywhere
HELD_ODDS = -0.405  # log-odds of .4
HELD_ANCHORS_SLACK = 0.02  # share of honest anchors held beyond those the shared model holds


Before = tuple[dict[bool, Whole], dict[str, Step], dict[int, float]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text that a person called spam or honest; `key` tells it from all others of its site."""

    key: str
    is_spam: bool
    found: Features
    is_alone: bool = False

    @property
    def is_anybodys(self) -> bool:
        """Whether it is spam of a few words, by the pieces that the shared model sees in them."""
        return self.is_spam and not self.is_alone and len(self.found.buckets) < FEW_PIECES


def lesson(key: str, text: str, *, is_spam: bool) -> Lesson:
    """What a text teaches: alone where the shared model cannot read it."""
    is_alone = not is_read(language_of(unlinked(text)))
    return Lesson(key, is_spam, features([text]), is_alone)


def learn(
    layer: SiteLayer, lessons: Sequence[Lesson], earlier: Mapping[str, Lesson], model: Model
) -> SiteLayer:
    """The layer after these lessons; `earlier` holds at least those that `needed` names.

    None of their keys may be taught already.
    """
    school = LayerTrainer(layer, earlier, model)
    for each in lessons:
        school.learn(each)
    return school.layer()


def is_current(layer: SiteLayer, model: Model) -> bool:
    """Whether it was learned upon this shared model; else it is to be learned anew."""
    return not layer.lessons or layer.basis == basis(model)


def relearn(lessons: Iterable[Lesson], model: Model) -> SiteLayer:
    """A layer from nothing but these lessons, in their order."""
    every = {each.key: each for each in lessons}
    return learn(SiteLayer(), list(every.values()), every, model)


def needed(taught: Iterable[str], coming: Iterable[str]) -> set[str]:
    """Which of the lessons that a layer knows will be gone through again with those that come."""
    keys, found = list(taught), set[str]()
    known = set(keys)
    for key in coming:
        found.update(_again(keys, key))
        keys.append(key)
        if len(keys) > KEPT_LESSONS:
            found.add(keys.pop(0))
    return found & known


def _again(keys: Sequence[str], key: str) -> list[str]:
    chance = random.Random(key)  # noqa: S311 (repeatable, not secret)
    return chance.sample(keys, min(LESSONS_AGAIN, len(keys)))


class LayerTrainer:
    """A layer while it is taught."""

    def __init__(self, layer: SiteLayer, earlier: Mapping[str, Lesson], model: Model) -> None:
        self._model = model
        self._weights = {False: layer.over.dense(), True: layer.alone.dense()}
        self._steps = dict(layer.steps)
        self._held_back = dict(layer.held_back)
        self._lessons = dict(earlier)
        self._odds: Odds | None = None  # of the anchors, until a weight moves

    def layer(self) -> SiteLayer:
        return SiteLayer(
            sparse(self._weights[False]),
            sparse(self._weights[True]),
            len(self._steps),
            self._steps,
            self._held_back,
            basis(self._model),
        )

    def learn(self, new: Lesson) -> None:
        """Take one lesson in."""
        keys = list(self._steps)
        weights = {kind: each.copy() for kind, each in self._weights.items()}
        before = weights, dict(self._steps), dict(self._held_back)
        most_held = max(self._held_anchors(), _may_be_held(self._model))
        self._lessons[new.key] = new
        self._steps[new.key] = Step(new.is_spam, new.is_alone)
        for key in (new.key, *_again(keys, new.key)):
            self._go_through(key)
        if self._odds is None:  # a weight over the shared model moved
            self._steady_anchors()
        if self._held_anchors() > most_held and new.is_spam and not new.is_alone:
            self._refuse(new.key, before)
        if len(self._steps) > KEPT_LESSONS:
            self._forget_oldest()

    def _refuse(self, key: str, before: Before) -> None:
        self._weights, self._steps, self._held_back = before
        self._steps[key] = Step(is_spam=True, effect=Effect.REFUSED)
        self._odds = None

    def _forget_oldest(self) -> None:
        key = next(iter(self._steps))
        step, found = self._steps.pop(key), self._lessons.get(key)
        if found is not None:
            sizes = (step.size, 0.0)
            self._add(found.found.buckets, step.side, sizes, is_alone=step.is_alone)

    def _go_through(self, key: str) -> None:
        """Raise or lower the size of a lesson until its text is right by the margin."""
        found = self._lessons.get(key)
        step = self._steps[key]
        if found is None or step.effect is Effect.REFUSED:
            return
        base = PRIOR_ODDS if found.is_alone else float(self._model.log_odds(found.found)[0])
        push = step.side * self._score(found.found, is_alone=found.is_alone)
        most = MAX_EARLY_ODDS if len(self._steps) <= EARLY_LESSONS else MAX_LESSON_ODDS
        effect = Effect.TAKEN
        if found.is_anybodys:
            most = WARY_SHARE
        elif step.side * base < -SURE_ODDS and push - step.size < SECONDED_ODDS:
            most, effect = WARY_SHARE, Effect.WAITS
        size = min(max(step.size + LESSON_MARGIN - step.side * base - push, 0.0), most)
        self._add(found.found.buckets, step.side, (step.size, size), is_alone=found.is_alone)
        self._steps[key] = replace(step, size=size, effect=effect)

    def _score(self, found: Features, *, is_alone: bool) -> float:
        return float(summed(self._weights[is_alone][found.buckets], found)[0])

    def _add(
        self, buckets: Buckets, side: float, sizes: tuple[float, float], *, is_alone: bool
    ) -> None:
        """Let a text that weighed the first size weigh the second."""
        before, after = (_whole(side * size, buckets) for size in sizes)
        if before != after:
            self._weights[is_alone][buckets] += np.int32(after - before)
            self._odds = None

    def _steady_anchors(self) -> None:
        """Hold back the anchors that were moved most against what the shared model says."""
        lacks = _wanted(self._model) - anchors().sides * self._anchor_odds()
        for place in np.argsort(-lacks, kind="stable")[:ANCHORS_AGAIN].tolist():
            self._hold_back(place)
        for place in sorted(self._held_back):
            if lacks[place] < 0:
                self._hold_back(place)

    def _hold_back(self, place: int) -> None:
        buckets, side = anchors().at(place), float(anchors().sides[place])
        odds = float(anchor_odds(self._model)[place])
        odds += (
            int(self._weights[False][buckets].sum(dtype=np.int64)) * WEIGHT_UNIT / _norm(buckets)
        )
        size = self._held_back.pop(place, 0.0)
        wanted = float(_wanted(self._model)[place])
        new = min(max(size + wanted - side * odds, 0.0), ANCHOR_MAX_ODDS)
        self._add(buckets, side, (size, new), is_alone=False)
        if new:
            self._held_back[place] = new

    def _anchor_odds(self) -> Odds:
        if self._odds is None:
            texts = anchors().texts
            moved = summed(self._weights[False][texts.buckets], texts)
            self._odds = anchor_odds(self._model) + moved
        return self._odds

    def _held_anchors(self) -> int:
        return int((self._anchor_odds()[:HAM] >= HELD_ODDS).sum())


def _norm(buckets: Buckets) -> float:
    """What a sum over these features is divided by, as everywhere."""
    return float(np.sqrt(np.float32(max(len(buckets), 1))))


def _whole(size: float, buckets: Buckets) -> int:
    """What each feature of a text weighs when the text weighs so much."""
    return round(size / _norm(buckets) / WEIGHT_UNIT)


def _wanted(model: Model) -> Odds:
    """How far on its own side each anchor has to stay."""
    sides = anchors().sides
    margins = np.where(sides > 0, *(ANCHOR_MARGIN[side] for side in (1.0, -1.0)))
    wanted: Odds = np.minimum(sides * anchor_odds(model) - ANCHOR_SLACK_ODDS, margins)
    return wanted


def _may_be_held(model: Model) -> int:
    """How many honest anchors may be held in any case: those near the line may cross it."""
    untaught = int((anchor_odds(model)[:HAM] >= HELD_ODDS).sum())
    return untaught + int(HELD_ANCHORS_SLACK * HAM)
