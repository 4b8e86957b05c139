"""A link in disguise is the link that it looks like."""

import pytest

from moderator.domain.content.facts import Facts
from moderator.domain.submission import Format
from tests.builders import a_submission

PLAIN = "Look at http://www.shop.example.org/watches?ref=7"
ANCHOR = '<a href="http://www.shop.example.org/watches">here</a>'


def urls(content: str, form: Format = Format.TEXT) -> list[str]:
    facts = Facts(a_submission(content, format=form))
    return [str(link.url) for link in facts.seen_links]


@pytest.mark.parametrize(
    "dressed",
    [
        PLAIN.replace("op.", "op\u200b.").replace("www", "w\u200bww"),
        PLAIN.replace("p", "\N{CYRILLIC SMALL LETTER ER}"),
        PLAIN.replace("w", "\N{FULLWIDTH LATIN SMALL LETTER W}"),
        PLAIN.replace("/", "\N{FULLWIDTH SOLIDUS}"),
        PLAIN.replace("http:", "\N{MATHEMATICAL BOLD SMALL H}ttp:"),
    ],
)
def test_in_a_text(dressed: str) -> None:
    assert urls(dressed) == urls(PLAIN)
    assert len(urls(PLAIN)) == 1


def test_in_an_anchor() -> None:
    dressed = ANCHOR.replace("o", "\N{CYRILLIC SMALL LETTER O}")
    assert urls(dressed, Format.HTML) == urls(ANCHOR, Format.HTML)
    assert len(urls(ANCHOR, Format.HTML)) == 1


def test_in_markdown() -> None:
    plain = "[here](https://shop.example.org/watches)"
    dressed = plain.replace("w", "\N{FULLWIDTH LATIN SMALL LETTER W}")
    assert urls(dressed, Format.MARKDOWN) == urls(plain, Format.MARKDOWN)
    assert len(urls(plain, Format.MARKDOWN)) == 1


def test_names_in_other_scripts_stay() -> None:
    link = "https://пример.test/страница"
    assert urls(link) == [str(link.url) for link in Facts(a_submission(link)).text_links]
