import pytest

from moderator.checks.honeypot import Honeypot
from moderator.domain.finding import Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Request
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission


def test_a_filled_field_is_spam() -> None:
    request = Request(honeypot_name="website2", honeypot_value="x" * 300)
    finding = Honeypot().run(a_submission(request=request), a_context())
    assert (finding.signal, finding.code) == (Signal.SPAM, "honeypot_filled")
    assert finding.evidence == {"field": "website2", "value": "x" * 80}
    assert decide([finding], Policy()).verdict is Verdict.SPAM


def test_an_empty_field_says_nothing() -> None:
    request = Request(honeypot_name="website2", honeypot_value=" ")
    finding = Honeypot().run(a_submission(request=request), a_context())
    assert (finding.signal, finding.weight) == (Signal.NEUTRAL, 0)


@pytest.mark.parametrize(
    "value",
    [
        "alice@example.org",
        "Alice Smith",
        "smith",
        "https://alice.example.org",
        "alice.example.org",
        "http://www.alice.example.org/",
        "mailto:Alice@Example.org",
        "alice",
        "Smith, Alice",
        "Alice M. Smith",
        "United Kingdom",
        "United States (US)",
        "GBR",
        "en-GB",
        "Österreich",
        "DE",
        "https://",
        "http://www.",
        "http",
    ],
)
def test_what_browsers_fill_in_holds_and_condemns_nobody(value: str) -> None:
    author = Author(name="Alice Smith", email="alice@example.org", url="https://alice.example.org/")
    request = Request(honeypot_name="country", honeypot_value=value)
    finding = Honeypot().run(a_submission(author=author, request=request), a_context())
    assert finding.code == "honeypot_autofilled"
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    "value",
    [
        "https://casino.example.com/",
        "Bob",
        "x@y.test",
        "yes",
        "Alice buys cheap pills online",
        "alice.example.org/casino",
        "Alice 100%",
    ],
)
def test_anything_else_is_spam(value: str) -> None:
    request = Request(honeypot_name="website2", honeypot_value=value)
    finding = Honeypot().run(a_submission(request=request), a_context())
    assert finding.code == "honeypot_filled"
