"""What is typed into the field of a page by people who have none."""

import pytest

from moderator.domain.content.facts import Facts
from moderator.domain.content.no_page import names_none
from moderator.domain.submission import Author
from tests.builders import a_submission


@pytest.mark.parametrize(
    "typed",
    [
        "http://", "https://", "HTTP://", "http://http://", "www.", "http://www.", "-", "--",
        ".", "...",
        "none", "http://none", "None!", "n/a", "N/A", "http://n/a", "no", "keine", "https://keine/",
        "нет", "なし", "没有", "لا", "I do not have one", "http://Ich habe keine", "Rita", "http://rita",
    ],
)  # fmt: skip
def test_it_names_no_page(typed: str) -> None:
    assert names_none(typed, "Rita Smith")
    facts = Facts(a_submission(author=Author(name="Rita Smith", url=typed)))
    assert not facts.has_page
    assert facts.page is None


@pytest.mark.parametrize(
    "typed",
    [
        "https://rita.example.org", "rita.example.org", "http://none.example", "http://no-page.test/",
        "gbhrzbxfkt", "http://gbhrzbxfkt", "//rita.example", "http://localhost:8000",
        "http://[2001:db8::1]/", "javascript:alert(1)", "x" * 200,
    ],
)  # fmt: skip
def test_it_names_something(typed: str) -> None:
    assert not names_none(typed, "Rita Smith")
