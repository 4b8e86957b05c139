from pathlib import Path

import pytest

from moderator.domain.content.facts import Facts
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.features import reading
from moderator.judgement.text.model import load, save, shared_model
from moderator.judgement.text.themes import THEMES, Themes, Written, learn_themes
from tests.builders import a_submission

SUPPORT = "Call our printer support helpline number, our technicians are available round the clock"
CHANNEL = "Hey guys please subscribe to my channel and check out my new videos"


def some_texts() -> list[Written]:
    return [
        *(Written(f"{SUPPORT} in {town}", "support") for town in ("Ulm", "Bonn", "Kiel", "Trier")),
        *(Written(f"{CHANNEL} from {town}", "video") for town in ("Ulm", "Bonn", "Kiel", "Trier")),
        *(Written(f"The library of {town} is closed", "") for town in ("Ulm", "Bonn", "Kiel")),
    ]


def test_a_text_is_named_after_what_it_is_about() -> None:
    themes = learn_themes(some_texts())
    assert themes.name([reading("Our support helpline technicians")]) == [THEMES["support"]]
    assert themes.name([reading("please subscribe to my videos"), reading("")]) == [
        THEMES["video"],
        "",
    ]


@pytest.mark.parametrize("text", ["", "The library of Mainz is open", "support", "Bonn Ulm Kiel"])
def test_what_is_not_clear_has_no_name(text: str) -> None:
    assert learn_themes(some_texts()).name([reading(text)]) == [""]


def test_without_themes_nothing_is_named() -> None:
    assert Themes().name([reading(SUPPORT)]) == [""]


def test_names_survive_the_model_file(tmp_path: Path) -> None:
    save(shared_model(), tmp_path / "model.npz")
    assert load(tmp_path / "model.npz").themes.name([reading(SUPPORT)]) == [THEMES["support"]]


@pytest.mark.parametrize(("text", "theme"), [(SUPPORT, "support"), (CHANNEL, "video")])
def test_the_shipped_model_says_what_spam_is_about(text: str, theme: str) -> None:
    facts, scorer = Facts(a_submission(text)), Scorer(shared_model())
    (score,) = scorer.score([facts])
    (told,) = scorer.explain([(facts, score)])
    assert told.theme == THEMES[theme]


def test_every_theme_is_a_section_of_the_grammar() -> None:
    written = {phrasing.theme for phrasing in phrasebook().phrasings if phrasing.is_spam}
    assert set(THEMES) <= written
