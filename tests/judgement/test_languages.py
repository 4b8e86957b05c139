"""What language a text is in, as strangers write: short, mixed, in disguise, in no language."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.first_month import sections
from moderator.domain.text.languages import (
    LATIN_LETTERS,
    NAMELESS,
    SCRIPTS,
    UNTOLD,
    code_of,
    is_own,
)
from moderator.judgement.text.languages import is_read, language_of

ADVERTISEMENT = "Buy cheap pills online now, no prescription needed, fast delivery"


@pytest.mark.parametrize("lang", sorted(sections()))
def test_whole_sentences_are_told_apart(lang: str) -> None:
    pages = sections()[lang]
    told = [language_of(text) for text in (*pages.honest, *pages.spam)]
    right = [language for language in told if is_own(language, frozenset({lang}))]
    assert len(right) >= len(told) - 1
    assert not any(map(is_read, right))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("谢谢", "Hani"), ("感谢分享!", "Hani"), ("最高でした", "ja"), ("감사합니다", "ko"),
        ("תודה רבה", "he"), ("Спасибо!", "ru"), ("شكرا جزيلا", "ar"),
    ],
)  # fmt: skip
def test_of_a_few_letters_the_script_tells(text: str, code: str) -> None:
    assert language_of(text).code == code


@pytest.mark.parametrize(
    "text", ["", "+1", "Danke :) LG!", "Merci beaucoup", "lol", "12345 67890", "😀 😀", "A B C"]
)
def test_a_few_latin_letters_are_in_no_language_and_judged(text: str) -> None:
    assert language_of(text) == UNTOLD
    assert is_read(UNTOLD)


@pytest.mark.parametrize(
    "text",
    ["Adorei as fotos, muito bonitas!", "Je, así cualquiera no?", "Dobra robota, dzięki za wpis!"],
)
def test_a_line_in_latin_letters_may_be_in_any_language_that_has_them(text: str) -> None:
    told = language_of(text)
    assert is_own(told, frozenset({"en"}))
    assert is_own(told, frozenset({"el", "vi"}))
    assert not is_own(told, frozenset({"el"}))
    assert not is_own(told, frozenset())
    assert not is_own(language_of(f"{text} {text} {text}"), frozenset({"en"}))


@pytest.mark.parametrize(
    "text",
    [
        "Спасибо за красивые фото",
        "ωραίες φωτογραφίες",
        "qkxzvb wfjhgq xzkwq",
        "c h e a p p i l l s",
    ],
)
def test_other_scripts_and_no_words_are_told_however_brief(text: str) -> None:
    assert not is_own(language_of(text), frozenset({"en", "pt"}))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("ахаха, точно подмечено", "ru"),
        ("ахаха, точно подмечено", "uk"),
        ("Предлагаю 120 евро за синий велосипед на фото, скажите, хватит ли этого.", "ru"),
        ("ارحلوا يا لصوص!!! كفى كذبا!!!", "ar"),
        ("משתתפת בצערכם, יהי זכרו ברוך.", "he"),
        ("好的 nagios 和 cacti 都装了 plugin，可以在 cacti 里看到", "zh"),
        ("mysql root 密码：cactifansdb 谢谢你对 cactifans 的支持", "zh"),
        ("카톡 abc123 문의주세요 알바 고수익", "ko"),
    ],
)
def test_of_a_line_the_script_tells_enough(text: str, lang: str) -> None:
    assert is_own(language_of(text), frozenset({lang}))
    assert not is_own(language_of(text), frozenset({"en", "th"}))


@pytest.mark.parametrize(
    "text",
    [
        "Bili smo tamo prošlo ljeto, prekrasno ali puno ljudi.",
        "Wogh cebong serius amat ngeblog sampe panjang-panjang, ck ck ck ck.",
        "siiiiiiiiiiiiip",
        "class OSUpdaterPopup : public KPassivePopup{...",
    ],
)
def test_what_the_detector_hardly_knows_is_still_spoken(text: str) -> None:
    assert language_of(text) != NAMELESS


def test_digits_in_the_place_of_letters_hide_no_language() -> None:
    assert language_of("Buy ch34p v14gr4 0nl1n3, n0 pr35cr1pt10n n33d3d").code == "en"


def test_of_a_text_that_mixes_two_the_larger_part_decides() -> None:
    czech = "Děkuji za článek, zkusil jsem to doma na starém počítači a všechno funguje. Díky."
    english = "It works fine on my old machine here at home, thank you very much for it."
    mixed = language_of(f"{czech} {english}")
    assert mixed.codes == ("cs", "en")
    assert not is_read(mixed)
    assert is_own(mixed, frozenset({"cs"}))


@pytest.mark.parametrize("text", ["Congratulations!", "Nice site! Congrats!"])
def test_a_play_language_is_none(text: str) -> None:
    assert language_of(text) == UNTOLD


@pytest.mark.parametrize(
    "between",
    [" ", "\u00a0", "\u2800", ".", "-", "🔥", ")(", "🇫🇷", "<br>", "|", "\u2009"],
)
def test_mostly_single_letters_are_no_language(between: str) -> None:
    assert language_of(between.join(ADVERTISEMENT.replace(" ", ""))) == NAMELESS


@pytest.mark.parametrize("between", ["\u200b", "\u0336", "\u2060", "\u3164"])
def test_decoration_hides_no_language(between: str) -> None:
    assert language_of(between.join(ADVERTISEMENT)).code == "en"


def test_letters_in_disguise_are_those_they_pass_for() -> None:
    bold = "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else c for c in ADVERTISEMENT.upper())
    assert language_of(bold).code == "en"
    assert is_read(language_of(ADVERTISEMENT.replace("e", "е").replace("o", "о")))


def test_random_letters_are_no_language_of_any_blog() -> None:
    chance = random.Random(5)  # noqa: S311  # texts, no secrets
    words = [
        " ".join(
            "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=chance.randint(5, 12)))
            for _ in range(4)
        )
        for _ in range(50)
    ]
    assert sum(not is_read(language_of(text)) for text in words) >= 48


@pytest.mark.parametrize(
    "text",
    [
        "Anna Müller, Peter Schmidt und Robert Koch",
        "Error: cannot find module 'express' at Function.Module._resolveFilename",
        "def foo(x): return [y for y in x if y is not None]",
        "As Voltaire wrote, « il faut cultiver notre jardin », and I agree with every word of it.",
        "thx m8, works 4 me now!!",
        "Ich habe das mit dem neuen Update getestet, works like a charm.",
    ],
)
def test_names_code_slang_and_quotations_are_read(text: str) -> None:
    assert is_read(language_of(text))


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    scripts = {*SCRIPTS, LATIN_LETTERS}
    assert all(code == code_of(code) or code in scripts for code in language_of(text).codes)


@pytest.mark.parametrize(
    "odd", ["\x00", "\x1b", "\x85", "\ud800", "\ufffe", "\U0010ffff", "\ufdd0"]
)
def test_what_the_detector_does_not_take_is_left_out(odd: str) -> None:
    assert language_of(f"{odd}The bridge over the river{odd} was closed in May").code == "en"
