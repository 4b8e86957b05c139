import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.text.fold import CLOSE, SHORT_TEXT_CHARACTERS, STYLED, fold, fold_case

TRICKY = "".join(map(chr, [*CLOSE, *STYLED])) + "abcABCéßİµſΐŉ жЖйЙпам\u200b\u202e\ufe0f\u0301🇩🅰"
LATIN_WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCXYZ ", min_size=1)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(TRICKY))))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(LATIN_WORDS, st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u202e\U000e0061"))
def test_invisible_characters_change_nothing(text: str, invisible: str) -> None:
    assert fold(invisible.join(text)) == fold(text)


@given(LATIN_WORDS, st.sampled_from([0x1D400, 0x1D468, 0x1D5D4, 0x1D670]))
def test_maths_alphabets_read_as_letters(text: str, capital_a: int) -> None:
    drawn = "".join(
        chr(capital_a + ord(c) - 65 + (0 if c.isupper() else -6)) if c.isalpha() else c
        for c in text
    )
    assert fold(drawn) == fold(text)


@given(LATIN_WORDS)
def test_full_width_reads_as_letters(text: str) -> None:
    assert fold("".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in text)) == fold(text)


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("Pleasе Subscrіbе In My Сhannеl", "please subscribe in my channel"),
        ("рауpаl", "paypal"),
        ("ѕех", "ѕех"),  # nothing Latin around: it may be a word of its language
        ("free ѕех", "free sex"),
        ("αναlαnche", "avalanche"),
        ("ꜰʀᴇᴇ 🅼🅾🅽🅴🆈", "free money"),
        ("f\u0336r\u0336e\u0336e\u0336 Z̸̢a̴l̵g̶o̷", "free zalgo"),
        ("Müller in Köln, Straße", "muller in koln, strasse"),
        ("cпасибо за пocт", "спасибо за пост"),  # Latin c and o in Russian words
        ("Привет, как дела? See you", "привет, как дела? see you"),
        ("  two\t\nlines ", "two lines"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
    ],
)
def test_what_is_read_is_what_is_compared(drawn: str, read: str) -> None:
    assert fold(drawn) == read


def test_a_text_too_long_to_remember_is_folded_alike() -> None:
    word = "Größe "
    assert fold(word * SHORT_TEXT_CHARACTERS) == " ".join([fold(word)] * SHORT_TEXT_CHARACTERS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Feliz AÑO", "feliz año"),
        ("sık sık İstanbul", "sık sık istanbul"),
        ("Łódź", "łódź"),
        ("e\u0301te\u0301", "été"),
        ("c\u0336a\u0336s\u0336ino", "casino"),
        ("Сasinо", "casino"),
        ("\uff23\uff21\uff33ino \U0001d41b\U0001d428\U0001d429", "casino bop"),
        ("мой йод", "мой йод"),
    ],
)
def test_case_and_disguise_are_folded_without_the_accents(text: str, folded: str) -> None:
    assert fold_case(text) == folded
    assert fold_case(folded) == folded
    assert fold(folded) == fold(text)
