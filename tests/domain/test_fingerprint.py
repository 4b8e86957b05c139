import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.fingerprint import (
    comparable,
    exact_key,
    is_cut,
    name_words,
    near_text,
)
from moderator.domain.submission import Author

LONG = "Buy the best watches in town today"


@pytest.mark.parametrize(
    "copy",
    [
        "bUY THE bEST watches in town, today!!",
        "[…] Buy the best watches in town today [...]",
        "Buy the best watches in town today http://other.example/x?y=1",
        "\u200bBuy the b\u200best watches in town today",
        "𝗕𝘂𝘆 the best wаtсhes in town today",
    ],
)
def test_a_disguised_copy_has_the_same_key(copy: str) -> None:
    assert exact_key(copy) == exact_key(LONG) != ""


@pytest.mark.parametrize(
    "text", ["me too!", "", "😂😂😂😂😂😂😂😂😂😂😂😂😂😂", "!!!!!!!!!!!!!!!!!!!!"]
)
def test_repeating_next_to_nothing_means_nothing(text: str) -> None:
    assert exact_key(text) == ""
    assert near_text(text) == ""


def test_a_bare_link_is_keyed_by_its_host() -> None:
    assert exact_key("http://shop.example/a") == exact_key("https://www.shop.example/b?c") != ""
    assert exact_key("http://shop.example/a") != exact_key("http://news.example/a")


def test_where_everybody_publishes_the_address_counts() -> None:
    one, other = "https://www.youtube.com/watch?v=one", "https://youtube.com/watch?v=other"
    assert exact_key(one) != exact_key(other)
    assert exact_key(one) == exact_key(one.upper())


@given(st.text())
def test_comparable_text_is_its_own_comparable_text(text: str) -> None:
    words = comparable(text)
    assert comparable(words) == words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("[…] the people of the town", True),
        ("the people of the town [...]", True),
        ("the people of the town…", True),
        ("... the people", True),
        ("the people … of the town", False),
        ("the people of the town.", False),
        ("", False),
    ],
)
def test_a_cut_is_marked_at_an_end(text: str, *, cut: bool) -> None:
    assert is_cut(text) is cut


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="./")))
def test_plain_words_are_told_apart_as_all_others_are(text: str) -> None:
    assert comparable(f"{text} ж").removesuffix("ж").strip() == comparable(text)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("राम", "रमा", False),
        ("राम", "रीमा", False),
        ("ขาว", "ข่าว", False),
        ("राम!", " राम ", True),
        ("Jürgen", "JÜRGEN", True),
        ("Ann-Marie", "ann marie", True),
    ],
)
def test_vowel_signs_tell_names_apart(one: str, other: str, *, is_same: bool) -> None:
    assert (name_words(Author(name=one)) == name_words(Author(name=other))) is is_same
