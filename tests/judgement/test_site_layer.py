"""What one lesson moves, what many move, and that one that is taken back leaves nothing."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain.content.facts import Facts
from moderator.judgement.learning.anchors import anchors
from moderator.judgement.learning.site_layer import Effect, SiteLayer, from_bytes
from moderator.judgement.learning.teaching import (
    HELD_ODDS,
    Lesson,
    is_current,
    learn,
    lesson,
    needed,
    relearn,
)
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.features import BUCKETS, features
from moderator.judgement.text.languages import is_read, language_of
from moderator.judgement.text.model import probability, shared_model
from tests.builders import a_submission

MODEL = shared_model()
NEW = "Valtuuston olisi pitänyt kysyä asukkailta ennen kirjaston sulkemista"
AD = "Halpa laina heti tilille ilman vakuuksia, soita ja kysy lisää tänään"
CLICKED = (
    "Epson printer offline? Dial 1-855-201-4477 and our certified technicians repair it within"
    " minutes, day and night"
)
SCAMS = (
    "How do I speak to a live person at Delta? Call +1-802-444-1090 for quick rebooking",
    "If your Norton antivirus does not open reach the helpdesk on 0800 014 8929, all day long",
    "QuickBooks error 6000 solved by experts, ring our customer care number 1 (888) 512-7760 now",
    "Spirit airlines refund hotline is +1 866 329 0401, agents answer immediately",
    "HP laptop running slow, get remote assistance by calling our toll-free line 1-800-431-0457",
    "McAfee activation trouble? A licensed engineer at 1-855-550-9333 takes over your screen",
)
LOAN = (
    "I offer loans at 2% interest for business and private purposes, contact me by WhatsApp"
    " +44 7700 900123 or email loanoffice@example.org today"
)
OPINION = "The carbon tax is nothing but a cash grab by the liberals."
OPINIONS = (
    "The carbon tax is nothing but a burden put on us by the liberals.",
    "This new property tax is a cash grab by the council and nothing else.",
    "The minister should resign, this scandal has gone on for too long.",
    "I think the mayor is right, the new bike lanes make our streets safer for children.",
)


def odds(layer: SiteLayer, text: str) -> float:
    found = features([text])
    if is_read(language_of(text)):
        return float((MODEL.log_odds(found) + layer.score(found))[0])
    return float(layer.score_alone(found)[0])


def chance(layer: SiteLayer, text: str) -> float:
    return float(probability(np.array([odds(layer, text)]))[0])


def lessons(*said: tuple[str, bool]) -> list[Lesson]:
    return [
        lesson(f"{number:04x}", text, is_spam=is_spam)
        for number, (text, is_spam) in enumerate(said)
    ]


def taught(*said: tuple[str, bool]) -> SiteLayer:
    return relearn(lessons(*said), MODEL)


def ours(number: int, *themes: str) -> list[tuple[bool, str]]:
    """Texts of our grammar, the same in whatever order tests run, and whether they are spam."""
    chance = random.Random(3)  # noqa: S311 (repeatable, not secret)
    texts = phrasebook().texts(number, chance)
    return [(each.is_spam, text) for each, text in texts if each.theme in themes]


def same(one: SiteLayer, other: SiteLayer) -> bool:
    """To the last bit, and in the same order."""
    return one.to_bytes() == other.to_bytes()


def test_a_correction_is_learned_at_once() -> None:
    before = SiteLayer()
    layer = taught((AD, True))
    assert chance(before, AD) < 0.5
    assert chance(layer, AD) > 0.8
    layer = taught((AD, True), (NEW, False))
    assert chance(layer, NEW) < 0.2
    assert layer.lessons == 2


def test_one_ham_click_leaves_unlike_advertisements_held() -> None:
    """Other words, other numbers: whichever of them was clicked."""
    calls = [text for text in (CLICKED, *SCAMS) if odds(SiteLayer(), text) >= HELD_ODDS]
    assert len(calls) > 4
    words = [word for text in calls for word in set(re.findall(r"[a-z]{5,}", text.lower()))]
    assert len(words) == len(set(words)), "they are alike"
    for clicked in calls:
        layer = taught((clicked, False))
        assert odds(layer, clicked) < odds(SiteLayer(), clicked) - 0.4
        for text in calls:
            if text != clicked:
                assert abs(odds(layer, text) - odds(SiteLayer(), text)) <= 0.69
                assert odds(layer, text) >= HELD_ODDS or odds(SiteLayer(), text) < HELD_ODDS + 0.3
        assert chance(layer, LOAN) >= 0.97


def test_one_spam_click_on_an_opinion_holds_no_similar_one() -> None:
    layer = taught((OPINION, True))
    for text in (OPINION, *OPINIONS):
        assert odds(layer, text) < HELD_ODDS
        assert odds(layer, text) - odds(SiteLayer(), text) <= 0.69


def test_a_lesson_against_a_sure_model_asks_for_a_second_one() -> None:
    scam = next(t for t in (CLICKED, *SCAMS) if 0.91 < chance(SiteLayer(), t) < 0.99)
    other = next(text for text in SCAMS if odds(SiteLayer(), text) >= HELD_ODDS and text != scam)
    once = taught((scam, False))
    assert once.count(Effect.WAITS) == 1
    assert odds(once, scam) >= HELD_ODDS
    twice = taught((scam, False), (f"{scam}.", False))
    assert twice.count(Effect.WAITS) == 0
    assert odds(twice, scam) < HELD_ODDS
    assert odds(twice, other) >= HELD_ODDS


def test_lessons_against_a_sure_model_that_are_not_alike_go_on_waiting() -> None:
    layer = taught((OPINION, True), (OPINIONS[3], True))
    assert layer.count(Effect.WAITS) == 2
    assert odds(layer, OPINION) < HELD_ODDS


def test_many_lessons_go_as_far_as_they_say() -> None:
    """A site that sells loans: what the shared model is sure of is unlearned there."""
    offers = [text for is_spam, text in ours(12, "loan") if is_spam]
    random.Random(3).shuffle(offers)  # noqa: S311 (repeatable, not secret)
    layer = taught(*[(text, False) for text in offers[:150]])
    untaught = [text for text in offers[150:] if odds(SiteLayer(), text) >= HELD_ODDS]
    assert len(untaught) > 80
    assert np.mean([odds(layer, text) >= HELD_ODDS for text in untaught]) < 0.45


NOTES = st.lists(
    st.tuples(st.sampled_from((*SCAMS, *OPINIONS, LOAN, NEW, AD, CLICKED)), st.booleans()),
    min_size=2,
    max_size=8,
)


@given(NOTES, st.data())
@settings(max_examples=15, deadline=None)
def test_what_is_taken_back_leaves_nothing(
    said: list[tuple[str, bool]], data: st.DataObject
) -> None:
    """Whichever it was, and however many came after it."""
    every = lessons(*said)
    gone = data.draw(st.sampled_from(every))
    rest = [each for each in every if each is not gone]
    never = SiteLayer()
    for each in rest:
        never = learn(never, [each], {one.key: one for one in rest}, MODEL)
    assert same(relearn(rest, MODEL), never)
    assert gone.key not in never.steps


def test_lessons_one_by_one_and_in_batches_are_the_same() -> None:
    """And what is stored between them, with no more earlier lessons at hand than are needed."""
    every = lessons(*[(f"{text} {n}", n % 3 == 0) for n in range(4) for text in (*SCAMS, NEW, AD)])
    known = {each.key: each for each in every}
    layer = SiteLayer()
    for start in range(0, len(every), 5):
        coming = every[start : start + 5]
        again = needed(layer.steps, [each.key for each in coming])
        assert len(again) <= 8 * 5
        earlier = {key: known[key] for key in again}
        layer = from_bytes(learn(layer, coming, earlier, MODEL).to_bytes())
    assert same(layer, relearn(every, MODEL))


def test_the_oldest_of_very_many_lessons_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.judgement.learning.teaching.KEPT_LESSONS", 2)
    layer = taught((AD, True), (NEW, False), (CLICKED, False))
    assert list(layer.steps) == ["0001", "0002"]
    assert not layer.own_weights[features([AD]).buckets].max() > 0


def test_opinions_stay_whatever_a_site_is_taught() -> None:
    layer = taught(*[(text, True) for _, text in ours(2, "opinion", "politics", "rant")])
    honest = anchors().sides < 0

    def held(layer: SiteLayer) -> float:
        found = anchors().texts
        return float(((MODEL.log_odds(found) + layer.score(found))[honest] >= HELD_ODDS).mean())

    assert held(layer) <= held(SiteLayer()) + 0.04


def test_what_would_hold_honest_texts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the anchors that hold it back, the gate is what is left."""
    monkeypatch.setattr("moderator.judgement.learning.teaching.ANCHORS_AGAIN", 0)
    monkeypatch.setattr("moderator.judgement.learning.teaching.WARY_SHARE", 4.0)
    layer = taught(*[(text, True) for _, text in ours(2, "opinion", "rant")])
    refused = [key for key, step in layer.steps.items() if step.effect is Effect.REFUSED]
    assert refused
    assert all(layer.steps[key].size == 0 for key in refused)


def test_a_layer_survives_its_bytes() -> None:
    doubted = next(text for text in SCAMS if 0.5 < chance(SiteLayer(), text) < 0.91)
    layer = taught((AD, True), (NEW, False), (doubted, False))
    again = from_bytes(layer.to_bytes())
    assert same(again, layer)
    assert np.array_equal(again.weights, layer.weights)
    assert np.array_equal(again.own_weights, layer.own_weights)
    assert dict(again.steps) == dict(layer.steps)
    assert again.held_back == dict(layer.held_back) != {}
    assert again.basis == layer.basis != ""


def test_another_shared_model_is_another_basis() -> None:
    layer = taught((AD, True))
    assert is_current(layer, MODEL)
    assert not is_current(layer, replace(MODEL, bias=MODEL.bias + 0.1))


def test_what_the_shared_model_cannot_read_is_learned_beside_it() -> None:
    layer = taught((AD, True), (CLICKED, False))
    assert [step.is_alone for step in layer.steps.values()] == [True, False]
    assert odds(layer, CLICKED) == odds(taught((CLICKED, False)), CLICKED)
    assert odds(layer, AD) == odds(taught((AD, True)), AD)


def test_a_site_does_not_teach_another() -> None:
    layer = taught((AD, True))
    scorer = Scorer(MODEL, {"taught": layer}.get)
    before = Scorer(MODEL).score([Facts(a_submission(AD, site_id="other"))])
    mine, others = scorer.score(
        [Facts(a_submission(AD, site_id=name)) for name in ("taught", "other")]
    )
    assert others == before[0]
    assert mine.probability > others.probability
    assert "1 decisions of this site" in mine.model


@pytest.mark.parametrize("is_spam", [True, False])
def test_teaching_what_is_known_moves_nothing(*, is_spam: bool) -> None:
    text = "Check out my channel and subscribe please" if is_spam else "The senator should resign."
    layer = taught((text, is_spam))
    [step] = layer.steps.values()
    assert step.size == 0
    assert not layer.weights.any()


def test_what_older_versions_stored_is_read(tmp_path: Path) -> None:
    """It judges as it did until it is learned anew."""
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
    assert (layer.bias, layer.lessons, list(layer.steps)) == (0.5, 3, ["d"])
    found = features(["Hello"])
    assert layer.score(found) == SiteLayer().score(found) + 0.5
    assert not is_current(layer, MODEL)


def test_a_site_that_taught_little_costs_little() -> None:
    assert taught((AD, True)).nbytes < 20_000  # a dense one has 1.3 million
