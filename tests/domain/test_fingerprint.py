import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.fingerprint import comparable, exact_key, near_text, repeats

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


OPINION = "The council should have asked the people of the town before closing the only library."


@pytest.mark.parametrize(
    "copy",
    [
        OPINION.replace("council", "coumcil").replace("people", "poeple"),
        "[...] council should have asked the people of the town before closing the only library.",
        OPINION + " http://other.example/x",
        OPINION,
    ],
)
def test_slips_and_cut_ends_make_no_other_text(copy: str) -> None:
    assert repeats(copy, OPINION)


@pytest.mark.parametrize(
    "other",
    [
        OPINION.replace("library", "swimming pool"),
        OPINION + " Really!",  # nothing marks the other as cut
        OPINION.replace("only library", "only library, and then rebuilt it somewhere else"),
        "nobody reads there any more, and the money is needed for the school next door",
    ],
)
def test_who_says_something_else_repeats_nothing(other: str) -> None:
    assert not repeats(other, OPINION)


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_characters="./")))
def test_plain_words_are_told_apart_as_all_others_are(text: str) -> None:
    assert comparable(f"{text} ж").removesuffix("ж").strip() == comparable(text)
