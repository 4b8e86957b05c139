"""The runner of cases: what it reads and tries, and that it passes over no words."""

import json
from collections.abc import Iterator

import pytest

from benchmarks.cases.__main__ import tried
from benchmarks.cases.outcome import Outcome, Step, UnknownFormError
from benchmarks.cases.service import Stock
from benchmarks.cases.wants import is_as_wanted
from moderator.domain.finding import Finding, Signal

SUSPECT = Finding("link_shape", Signal.SUSPECT, "A trick", "suspicious_link", 0.2)
FIRST = Step("approve", said={"author": "Ann O'Neill", "relation": "reply", "text": "So it is."})
SECOND = Step("trash", 0.2, (SUSPECT,))
BOTH = Outcome((FIRST, SECOND))


@pytest.mark.parametrize(
    ("want", "outcome", "is_right"),
    [
        ("second: trash (duplicate)", BOTH, True),
        ("trash", BOTH, True),
        ("first: trash", BOTH, False),
        ("approve or hold, never discard", BOTH, False),
        ("approve or hold (it's not declared), never discard", Outcome((FIRST,)), True),
        ("both approve", BOTH, False),
        ("suspect", BOTH, True),
        ("suspicious_link", BOTH, True),
        ("no finding suspicious_link", BOTH, False),
        ("author 'Ann O'Neill', relation reply, text 'So it ...'", Outcome((FIRST,)), True),
        ("author 'Ann', relation reply", Outcome((FIRST,)), False),
        ("spam, or entry refused", Outcome((FIRST,), refusal="No"), True),
        ("spam, or entry refused", Outcome((FIRST,)), False),
        ("not discarded: approve, or the later takes the verdict", BOTH, False),
        ("hold at most", Outcome((FIRST,)), False),
        ("trash from the second on", BOTH, True),
        ("2xx", Outcome(status=401), False),
        ("hold", Outcome(), False),
    ],
)
def test_a_want_is_read_clause_by_clause(want: str, outcome: Outcome, *, is_right: bool) -> None:
    assert is_as_wanted(want, outcome) is is_right


@pytest.mark.parametrize("want", ["applause", "approve or applause", "approve, loudly"])
def test_a_want_in_other_words_is_never_taken_for_right(want: str) -> None:
    with pytest.raises(UnknownFormError):
        is_as_wanted(want, Outcome((FIRST,)))


@pytest.fixture(scope="module")
def stock() -> Iterator[Stock]:
    with Stock() as made:
        yield made


def case(how: str, want: str, **given: object) -> dict[str, object]:
    return {"id": "1", "kind": "any", "input": {"how": how, **given}, "want": want}


LINK = '<p>Read <a href="https://blog.example.org/2026/03/the-river">this</a> at noon.</p>'
FIELDS = {"url": "SOURCE", "title": "Река", "excerpt": "Сегодня я прочитал про реку."}


@pytest.mark.parametrize(
    "one",
    [
        case("api", "approve", text="The bridge was finished in 1911."),
        case("api text", "hold", text="Nice.", honeypot={"name": "x", "value": "https://"}),
        case("site lists --deny", "denied, spam", entry="bad.example", text="https://bad.example/"),
        case("verify --webmention", "linked, relation mention", source_html=LINK),
        case("door", "spam, no_link", source_html="<p>Nothing here.</p>"),
        case("door webmention", "hold", source_html=LINK, status=503),
        case("doors pingback", "approve, linked", source_html=LINK),
        case("door trackback, body in windows-1251, no header", "decoded", fields=FIELDS),
        case("judge", "approve", text="The bridge was finished in 1911."),
        case(
            "api created (approved by rule); moderator: spam on the dashboard",
            "spam",
            text="The bridge was finished in 1911.",
        ),
    ],
    ids=lambda one: str(one["input"]["how"]),
)
def test_every_door_leads_into_the_product(stock: Stock, one: dict[str, object]) -> None:
    is_right, got = tried(json.loads(json.dumps(one)), stock)
    assert is_right, got


def test_a_door_that_nobody_knows_is_wrong_and_said(stock: Stock) -> None:
    assert tried(case("by pigeon", "approve"), stock) == (
        False,
        "UNKNOWN FORM how: 'by pigeon'",
    )


def test_what_breaks_is_wrong_and_said(stock: Stock) -> None:
    is_right, got = tried(case("api", "approve", text=""), stock)
    assert not is_right
    assert "May not be empty" in got
