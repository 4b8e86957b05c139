from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.judgement.learning.teaching import lesson, relearn
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.explain import pieces, spread
from moderator.judgement.text.features import features, reading
from moderator.judgement.text.model import Model, load, save, shared_model, sums
from moderator.judgement.text.ngrams import batch
from tests.builders import a_submission

SPAM = "Please subscribe to my new channel and check out my videos, I will sub back"
OPINION = "The council should have asked the people of the town before closing the library."


def chances(*texts: str) -> list[float]:
    scored = Scorer(shared_model()).score([Facts(a_submission(text)) for text in texts])
    return [score.probability for score in scored]


@given(st.lists(st.text(), max_size=6))
def test_company_does_not_change_a_score(texts: list[str]) -> None:
    assert chances(*texts) == [chances(text)[0] for text in texts]


def test_an_advertisement_and_an_opinion_are_told_apart() -> None:
    advertisement, opinion = chances(SPAM, OPINION)
    assert advertisement > 0.9
    assert opinion < 0.1


@pytest.mark.parametrize(
    "drawn",
    [
        "\u200b".join(SPAM),
        SPAM.upper(),
        "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else c for c in SPAM),
        "".join(chr(0x1D5EE + ord(c) - 97) if c.islower() else c for c in SPAM),
        SPAM.replace("e", "\u0435").replace("o", "\u043e"),
    ],
)
def test_dressing_up_changes_nothing(drawn: str) -> None:
    assert chances(drawn) == chances(SPAM)


def test_a_language_it_hardly_knows_is_unfamiliar() -> None:
    known, unknown, script = Scorer(shared_model()).score(
        [
            Facts(a_submission(OPINION)),
            Facts(
                a_submission(
                    "Valtuuston olisi pitänyt kysyä asukkailta ennen kirjaston sulkemista."
                )
            ),
            Facts(a_submission("図書館を閉鎖する前に 町民の 意見を 聞くべきだった")),
        ]
    )
    assert known.is_familiar
    assert not unknown.is_familiar
    assert not script.is_familiar


def explained(scorer: Scorer, *texts: str) -> list[TextScore]:
    many = [Facts(a_submission(text)) for text in texts]
    return scorer.explain(list(zip(many, scorer.score(many), strict=True)))


def test_the_score_is_explained_in_words_of_the_text() -> None:
    (score,) = explained(Scorer(shared_model()), SPAM + ". " + OPINION)
    shown = " ".join(carrier.words for carrier in score.scored_pieces)
    assert "subscribe" in shown
    assert "library" not in shown


def test_nothing_is_explained_unasked() -> None:
    (score,) = Scorer(shared_model()).score([Facts(a_submission(SPAM))])
    assert (score.scored_pieces, score.theme) == ((), "")


@given(st.lists(st.text(max_size=60), max_size=6))
def test_company_does_not_change_an_explanation(texts: list[str]) -> None:
    scorer = Scorer(shared_model())
    assert explained(scorer, *texts) == [explained(scorer, text)[0] for text in texts]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_pieces_add_up_to_the_score(texts: list[str]) -> None:
    weights = shared_model().weights
    laid = batch([reading(text) for text in texts])
    found = pieces(laid, spread(weights.__getitem__, laid))
    total = np.bincount(found.texts, found.odds, len(texts))
    assert total == pytest.approx(sums(weights, features(texts)), abs=1e-3)


def test_what_is_taught_meanwhile_does_not_change_why() -> None:
    """The pieces add up to the score that was given, not to what the site knows by now."""
    model = shared_model()
    layers = {"blog": relearn([lesson("1", OPINION, is_spam=True)], model)}
    scorer = Scorer(model, lambda site_id: layers[site_id])
    facts = Facts(a_submission(OPINION))
    (score,) = scorer.score([facts])
    before = scorer.explain([(facts, score)])
    layers["blog"] = relearn([lesson("2", SPAM, is_spam=False)], model)
    assert scorer.explain([(facts, score)]) == before
    assert before[0].scored_pieces
    (anew,) = scorer.score([facts])
    assert scorer.explain([(facts, anew)]) != before


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    model = Model(
        name="tried",
        weights=chance.normal(size=1 << 18).astype(np.float16).astype(np.float32),
        bias=-1.0,
        slope=1.5,
        offset=0.25,
    )
    path = tmp_path / "model.npz"
    save(model, path)
    again = load(path)
    assert np.array_equal(again.weights, model.weights)
    assert (again.name, again.bias, again.slope, again.offset) == ("tried", -1.0, 1.5, 0.25)
