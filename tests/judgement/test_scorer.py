from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.judgement.explain import pieces, spread
from moderator.judgement.features import features, reading
from moderator.judgement.grams import batch
from moderator.judgement.model import Model, load, save, shared_model, sums
from moderator.judgement.scorer import Scorer
from tests.builders import a_submission

SPAM = "Please subscribe to my new channel and check out my videos, I will sub back"
OPINION = "The council should have asked the people of the town before closing the library."


def chances(*texts: str) -> list[float]:
    scored = Scorer(shared_model()).score([a_submission(text) for text in texts])
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
            a_submission(OPINION),
            a_submission("Valtuuston olisi pitänyt kysyä asukkailta ennen kirjaston sulkemista."),
            a_submission("図書館を閉鎖する前に 町民の 意見を 聞くべきだった"),
        ]
    )
    assert known.is_familiar
    assert not unknown.is_familiar
    assert not script.is_familiar


def test_the_score_is_explained_in_words_of_the_text() -> None:
    score = Scorer(shared_model()).score([a_submission(SPAM + ". " + OPINION)])[0]
    shown = " ".join(carrier.words for carrier in score.carriers)
    assert "subscribe" in shown
    assert "library" not in shown


@given(st.text())
def test_pieces_add_up_to_the_score(text: str) -> None:
    weights = shared_model().weights
    read = reading(text)
    found = pieces(read, spread(weights, batch([read])))
    total = float(sums(weights, features([text]))[0])
    assert sum(odds for _, odds in found) == pytest.approx(total, abs=1e-3)


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    model = Model(
        name="tried",
        weights=chance.normal(size=1 << 18).astype(np.float16).astype(np.float32),
        known=chance.random(1 << 18) < 0.1,
        bias=-1.0,
        slope=1.5,
        offset=0.25,
    )
    path = tmp_path / "model.npz"
    save(model, path)
    again = load(path)
    assert np.array_equal(again.weights, model.weights)
    assert np.array_equal(again.known, model.known)
    assert (again.name, again.bias, again.slope, again.offset) == ("tried", -1.0, 1.5, 0.25)
