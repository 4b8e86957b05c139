"""By which words a submission is found: any script, by beginnings, bounded."""

import pytest

from moderator.domain.content.facts import Facts
from moderator.domain.pages.find import MOST, Query, asked, words_of
from moderator.domain.submission import Author
from tests.builders import a_pingback, a_submission


def is_found(text: str, wanted: str, **changes: object) -> bool:
    known = words_of(Facts(a_submission(text, **changes)))
    wanted_words = Query(text=wanted).words
    return bool(wanted_words) and all(
        any(word.startswith(beginning) for word in known) for beginning in wanted_words
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The bridge over the river", "bri RIV"),
        ("Ein Fußgänger im Café", "cafe fussg"),
        ("Мост через реку", "мос"),
        ("जाँच करने वाला हिन्दी", "हिन्दी"),
        ("מִבְחָן בעברית", "בעב"),
        ("مرحبا بالعالم", "بالع"),
        ("この橋は1911年に完成した。", "完成"),
        ("この橋は1911年に完成した。", "橋"),
        ("手机价格便宜", "价格便宜"),
        ("ราคาถูกมาก", "ถูก"),
        ("한국어로 쓴 글", "한국"),
        ("Call +1-555-0100 now", "555"),
        ("Pills.Buy now", "buy"),
        ("See https://www.shop.example.org/a/b?c", "example.org"),
        ("See https://www.shop.example.org/a/b?c", "https://shop.example.org/other"),
        ("b\u200bri\u200bdge", "bridge"),
    ],
)
def test_words_are_found_by_their_beginnings_in_any_script(text: str, wanted: str) -> None:
    assert is_found(text, wanted)


@pytest.mark.parametrize("wanted", ["", "ridge", "the sea", "example.net", "...", "=kind:comment"])
def test_what_is_not_there_is_not_found(wanted: str) -> None:
    assert not is_found("The bridge over the river, https://example.org/", wanted)


@pytest.mark.parametrize(
    "wanted",
    ["ann", "anna@example", "Anna Ber", "192.0.2", "192.0.2.7", "mail.example.org", "2001"],
)
def test_who_wrote_it_is_found_by_name_mail_and_address(wanted: str) -> None:
    author = Author(name="Anna Berg", email="Anna@Mail.Example.org", ip="192.0.2.7")
    other = Author(name="Annabel Berg", email="anna@example.org", ip="2001:db8::7")
    found = [is_found("Hello", wanted, author=one) for one in (author, other)]
    assert any(found)


def test_a_linkback_is_found_by_its_source() -> None:
    known = words_of(Facts(a_pingback("https://news.letters.test/a")))
    assert {"news.letters.test", "letters.test"} <= set(known)


def test_words_are_bounded_whatever_is_sent() -> None:
    everything = " ".join(f"word{number}" for number in range(10_000))
    assert len(words_of(Facts(a_submission(everything)))) == MOST
    assert max(map(len, words_of(Facts(a_submission("x" * 100_000))))) <= 32
    assert len(Query(text=everything).words) <= 8
    assert list(asked("x" * 100_000)) == ["x" * 32]
