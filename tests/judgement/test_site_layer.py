import json
import random
from pathlib import Path

import numpy as np
import pytest

from moderator.domain.facts import Facts
from moderator.judgement.draft import ham_anchors
from moderator.judgement.features import BUCKETS, features
from moderator.judgement.model import probability, shared_model
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.scorer import Scorer
from moderator.judgement.site_layer import Lesson, SiteLayer, from_bytes
from moderator.judgement.sparse import sparse
from tests.builders import a_submission

CHANCE = random.Random(3)  # noqa: S311 (repeatable, not secret)
MODEL = shared_model()
NEW = "Valtuuston olisi pitänyt kysyä asukkailta ennen kirjaston sulkemista"
AD = "Halpa laina heti tilille ilman vakuuksia, soita ja kysy lisää tänään"


def chance(layer: SiteLayer, text: str) -> float:
    found = features([text])
    return float(probability(MODEL.log_odds(found) + layer.score(found))[0])


def taught(*lessons: Lesson) -> SiteLayer:
    layer = SiteLayer()
    for lesson in lessons:
        layer = layer.learn(lesson, MODEL)
    return layer


def test_a_correction_is_learned_at_once() -> None:
    before = SiteLayer()
    layer = before.learn(Lesson(AD, is_spam=True), MODEL)
    assert chance(layer, AD) > chance(before, AD)
    assert chance(layer, AD) > 0.8
    layer = layer.learn(Lesson(NEW, is_spam=False), MODEL)
    assert chance(layer, NEW) < 0.2
    assert layer.lessons == 2


def test_a_decision_that_is_undone_is_unlearned() -> None:
    before = taught(Lesson(NEW, is_spam=False))
    after = before.learn(Lesson(AD, is_spam=True), MODEL).forget(AD)
    assert (after.weights - before.weights).max() < 1e-5  # the anchors' lessons stay: all ham
    assert chance(after, AD) <= chance(before, AD) + 1e-5
    assert np.array_equal(after.seen, before.seen)
    assert (after.lessons, dict(after.steps)) == (before.lessons, dict(before.steps))


def test_who_changes_their_mind_is_followed() -> None:
    layer = taught(Lesson(AD, is_spam=True), Lesson(AD, is_spam=False))
    assert chance(layer, AD) < 0.4
    assert layer.lessons == 1


def test_what_was_never_taught_cannot_be_forgotten() -> None:
    layer = taught(Lesson(AD, is_spam=True))
    assert layer.forget(NEW) is layer


def test_opinions_stay_whatever_a_site_is_taught() -> None:
    opinions = [
        book_text
        for phrasing, book_text in phrasebook().texts(2, CHANCE)
        if phrasing.theme == "opinion"
    ]
    layer = taught(*[Lesson(text, is_spam=True) for text in opinions])
    held = layer.held_anchors(MODEL)
    assert held <= SiteLayer().held_anchors(MODEL) + 0.02 * ham_anchors().size
    assert layer.refused > 0


def test_a_layer_survives_its_bytes() -> None:
    layer = taught(Lesson(AD, is_spam=True), Lesson(NEW, is_spam=False))
    again = from_bytes(layer.to_bytes())
    assert np.array_equal(again.weights, layer.weights)
    assert np.array_equal(again.seen, layer.seen)
    assert (again.bias, again.lessons, dict(again.steps)) == (layer.bias, 2, dict(layer.steps))


def test_a_site_does_not_teach_another() -> None:
    layer = taught(Lesson(AD, is_spam=True))
    scorer = Scorer(MODEL, {"taught": layer}.get)
    before = Scorer(MODEL).score([Facts(a_submission(AD, site_id="other"))])
    mine, others = scorer.score(
        [Facts(a_submission(AD, site_id=name)) for name in ("taught", "other")]
    )
    assert others == before[0]
    assert mine.probability > others.probability
    assert "1 decisions of this site" in mine.model


def test_words_that_were_taught_are_known() -> None:
    words = NEW.split()
    lessons = [Lesson(f"{NEW} {word}", is_spam=False) for word in words]
    found = features([NEW])
    assert not MODEL.is_familiar(found)[0]
    assert taught(*lessons).is_familiar(found, MODEL)[0]


@pytest.mark.parametrize("is_spam", [True, False])
def test_teaching_what_is_known_moves_nothing(*, is_spam: bool) -> None:
    text = "Check out my channel and subscribe please" if is_spam else "The senator should resign."
    layer = taught(Lesson(text, is_spam=is_spam))
    assert json.dumps(dict(layer.steps)).count("0.0") == 1
    assert not layer.weights.any()


def test_what_older_versions_stored_is_read(tmp_path: Path) -> None:
    """Places in ascending order, as they wrote them."""
    numbers = {"format": 1, "bias": 0.5, "lessons": 3, "refused": 1, "steps": {"d": -2.0}}
    np.savez_compressed(
        tmp_path / "layer.npz",
        places=np.array([3, 99, 200_000], dtype=np.uint32),
        weights=np.array([0.25, -1.5, 2.0], dtype=np.float32),
        words=np.array([99], dtype=np.uint32),
        seen=np.array([2], dtype=np.uint8),
        numbers=np.frombuffer(json.dumps(numbers).encode(), dtype=np.uint8),
    )
    layer = from_bytes((tmp_path / "layer.npz").read_bytes())
    assert layer.weights[[0, 3, 99, 200_000, BUCKETS - 1]].tolist() == [0, 0.25, -1.5, 2, 0]
    assert (layer.seen[99], int(layer.seen.sum())) == (2, 2)
    assert (layer.bias, layer.lessons, layer.refused, layer.steps) == (0.5, 3, 1, {"d": -2.0})


@pytest.mark.parametrize("stored", [0, 1, 40, 5_000, 200_000])
@pytest.mark.parametrize("asked", [0, 1, 30, 2_000])
def test_a_sparse_layer_says_what_a_dense_one_says(stored: int, asked: int) -> None:
    chance = np.random.default_rng(stored + asked)
    every = np.zeros(BUCKETS, dtype=np.float32)
    every[chance.choice(BUCKETS, stored, replace=False)] = chance.normal(size=stored)
    buckets = chance.integers(0, BUCKETS, asked)
    kept = sparse(every)
    assert np.array_equal(kept.at(buckets), every[buckets])
    assert np.array_equal(kept.dense(), every)
    assert kept.nbytes <= 8 * stored


def test_a_site_that_taught_little_costs_little() -> None:
    assert taught(Lesson(AD, is_spam=True)).nbytes < 20_000  # a dense one has 1.3 million
