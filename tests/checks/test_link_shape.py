import pytest

from moderator.checks.link_shape import LinkShape
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Format
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_pingback, a_submission


def ask(text: str, format_: Format = Format.TEXT, author: str = "") -> Finding:
    submission = a_submission(text, format=format_, author=Author(name="A", url=author))
    return LinkShape().run(submission, a_context())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("see https://bank.test@evil.test/login", "user name"),
        ("see http://198.51.99.7/x", "IP address"),
        ("see http://3325256455/x", "IP address"),
        ("see https://раypal.test/", "mixes scripts"),
        ("see https://аррӏе.com/", "Latin"),
        ("see https://blog.examp1e.org/", "imitates"),
    ],
)
def test_tricks_weigh_a_little(text: str, why: str) -> None:
    finding = ask(text)
    assert finding.signal is Signal.SUSPECT
    assert why in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_code_in_a_link_is_a_trick() -> None:
    assert ask('<a href=" JavaScript:alert(1)">x</a>', Format.HTML).signal is Signal.SUSPECT


def test_many_tricks_still_do_not_hold_alone() -> None:
    finding = ask(" ".join(f"https://a@evil{number}.test/" for number in range(50)))
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    "text",
    [
        "no link",
        "https://example.org/2018/04/a-long-ti… and https://bücher.example/",
        "https://blog.example.org/other and https://example.org/",
        "https://localhost/ and http://10.0.0.1/",
        "ask me@example.org",
        "https://пример.рф/",
    ],
)
def test_honest_links_do_not_weigh(text: str) -> None:
    assert ask(text).signal is Signal.NEUTRAL


def test_the_page_of_the_author_and_the_source_of_a_linkback_are_links_too() -> None:
    assert ask("hello", author="https://раypal.test/").signal is Signal.SUSPECT
    pingback = a_pingback("https://blog.examp1e.org/post", "https://a@b.test/ in the excerpt")
    finding = LinkShape().run(pingback, a_context())
    assert finding.signal is Signal.SUSPECT
    assert "imitates" in finding.reason
