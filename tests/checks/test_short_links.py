import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.link_validity import LED_TO_TRICK
from moderator.checks.short_links import ShortLinks
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy
from moderator.domain.submission import Author
from moderator.domain.urls.shorteners import OPEN, SHORTENERS
from tests.builders import a_context, a_pingback, a_submission


def ask(text: str = "Nice", page: str = "") -> Finding:
    submission = a_submission(text, author=Author(name="Ann", url=page))
    return ShortLinks().run(submission, a_context())


@pytest.mark.parametrize(
    ("text", "page", "weight", "host"),
    [
        ("see https://bit.ly/3xYz", "", 0.1, "bit.ly"),
        ("see https://news.example and http://www.TinyURL.com/a", "", 0.1, "tinyurl.com"),
        ("Nice", "https://cutt.ly/x", 0.15, "cutt.ly"),
        ("see https://bit.ly/3xYz", "https://t.ly/x", 0.15, "t.ly"),
    ],
)
def test_a_short_link_is_named(text: str, page: str, weight: float, host: str) -> None:
    finding = ask(text, page)
    assert (finding.signal, finding.code) == (Signal.SUSPECT, "short_link")
    assert (finding.weight, finding.evidence) == (weight, {"host": host})
    assert f"({host}) hides where it leads" in finding.reason


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("no link", ""),
        ("see https://youtu.be/x and https://wp.me/p1 and https://lnkd.in/x", ""),
        ("as on https://orbit.ly/ and https://habit.lya.example/", ""),
        ("my songs", "https://linktr.ee/ann"),
        ("not a link: bit.ly", "https://ann.example/bit.ly"),
    ],
)
def test_a_link_that_shows_where_it_leads_says_nothing(text: str, page: str) -> None:
    assert ask(text, page).signal is Signal.NEUTRAL


def test_the_source_of_a_linkback_is_opened_anyway() -> None:
    pingback = a_pingback("https://bit.ly/3xYz", "see https://bit.ly/3xYz")
    assert ShortLinks().run(pingback, a_context()).signal is Signal.NEUTRAL


@given(st.lists(st.sampled_from(sorted(SHORTENERS)), max_size=9), st.booleans())
def test_short_links_and_what_is_behind_them_do_not_hold(hosts: list[str], is_page: bool) -> None:  # noqa: FBT001  # drawn
    finding = ask(" ".join(f"https://{host}/a" for host in hosts), "http://t.ly" if is_page else "")
    assert finding.weight + LED_TO_TRICK < Policy().hold_at
    assert bool(finding.weight) == (is_page or bool(set(hosts) - OPEN))
