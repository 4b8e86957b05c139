"""Patterns that people write: found wherever something is said, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.facts import Facts
from moderator.domain.errors import InvalidError
from moderator.domain.lists.patterns import compiled_pattern, pattern_hit
from moderator.domain.submission import Author
from tests.builders import a_pingback, a_submission

NOBODY = Author()


def where(
    pattern: str, text: str = "The bridge.", author: Author = NOBODY
) -> tuple[str, str] | None:
    hit = pattern_hit(pattern, Facts(a_submission(text, author=author)))
    return None if hit is None else (hit.where, hit.at)


def test_patterns_are_searched_in_everything_that_is_said() -> None:
    assert where(r"cas[i1]no\d{2}", "Play at CAS1NO77 now") == ("text", "CAS1NO77")
    assert where("best .* plumber", author=Author(name="Best Dallas Plumber")) == (
        "name",
        "Best Dallas Plumber",
    )
    assert where(r"@mail\.example$", author=Author(email="jo@mail.example")) == (
        "e-mail",
        "@mail.example",
    )
    assert where(r"/loans?/", author=Author(url="https://a.example/loan/1")) == ("page", "/loan/")
    assert where(r"^192\.0\.2\.", author=Author(ip="192.0.2.9")) == ("address", "192.0.2.")
    assert where(r"\?ref=", "See https://a.example/x?ref=1 there")
    source = Facts(a_pingback("https://pills.example/a"))
    assert pattern_hit(r"pills\.example", source) is not None
    assert where("poker", "The bridge.") is None


def test_letters_that_pass_for_others_are_undone() -> None:
    assert where("casino", "c\u0430sin\u043e") == ("text", "casino")  # Cyrillic letters
    assert where("\u0441asino", "\u0441asino") == ("text", "\u0441asino")


@pytest.mark.parametrize("text", ["\ud800casino", "a\0casino", "\U0001f600 casino", "\u0301casino"])
def test_odd_texts_are_searched_too(text: str) -> None:
    assert where("casino", text) is not None


@given(st.text(max_size=30), st.text(max_size=50))
def test_any_pattern_is_taken_or_refused_and_any_text_is_searched(pattern: str, text: str) -> None:
    try:
        compiled_pattern(pattern)
    except InvalidError:
        return
    where(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        " ",
        "(",
        r"(a)\1",
        "(?=a)",
        "a{1001}",
        "a*",
        "^$",
        "x" * 1_001,
        "\ud800",
        r"(\pL{90}x){9}",
    ],
)
def test_what_is_no_pattern_or_finds_everything_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidError, match=r"\w"):
        compiled_pattern(pattern)
