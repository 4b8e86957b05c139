"""A site's own languages, and which of them count as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.text.languages import NAMELESS, UNTOLD, Language, code_of, is_own, spoken

FRENCH, ENGLISH = Language(("fr",)), Language(("en",))


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("fr", "fr"), ("pt-BR", "pt"), ("pt_BR.UTF-8", "pt"), ("zh-Hant-TW", "zh"), ("", ""),
        ("nb-NO", "no"), ("iw", "he"), ("in_ID", "id"), ("sr@latin", "sr"), ("DE", "de"),
    ],
)  # fmt: skip
def test_a_locale_names_a_language(tag: str, code: str) -> None:
    assert code_of(tag) == code


@pytest.mark.parametrize(
    ("code", "own", "is_one"),
    [
        ("fr", "fr", True), ("fr", "es", False), ("sk", "cs", True), ("ms", "id", True),
        ("ru", "uk", True), ("zh", "ja", False), ("Hani", "ja", True), ("Hani", "zh", True),
        ("Hani", "ko", False), ("und", "fr", False), ("", "fr", False),
    ],
)  # fmt: skip
def test_readers_of_a_language_write_its_next_of_kin(code: str, own: str, *, is_one: bool) -> None:
    language = Language((code,)) if code else UNTOLD
    assert is_own(language, frozenset({own})) is is_one


def test_half_of_a_text_in_an_own_language_is_enough() -> None:
    assert is_own(Language(("it", "fr")), frozenset({"fr"}))


def test_three_approvals_that_make_a_tenth_show_a_language() -> None:
    by_people, by_rule = (FRENCH, True), (ENGLISH, False)
    assert spoken([by_people] * 3 + [by_rule] * 27) == {"fr"}
    assert spoken([by_people] * 3 + [by_rule] * 28) == set()
    assert spoken([by_people] * 2) == set()


def test_the_service_cannot_talk_itself_into_a_language() -> None:
    assert spoken([(FRENCH, False)] * 60) == set()


@pytest.mark.parametrize("language", [UNTOLD, NAMELESS, Language(("fr",), is_sure=False)])
def test_what_nobody_can_tell_shows_nothing(language: Language) -> None:
    assert spoken([(language, True)] * 60) == set()


@given(st.text())
def test_any_locale_is_read(tag: str) -> None:
    assert code_of(tag) == code_of(code_of(tag))
