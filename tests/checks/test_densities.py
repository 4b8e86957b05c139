from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.checks.densities import MAX_WEIGHT, STRETCH, LooksLikeAdvertising, measure
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Signal
from moderator.domain.history.reputation import Reputation
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Format
from moderator.domain.verdict import Verdict
from tests.builders import NOON, a_context, a_site, a_submission

WORDS = "The report is long and the summary is short, so read the report. "


@pytest.mark.parametrize(
    "text",
    [
        "Read https://news.example.org/story before you speak.",
        "NO!!! NEVER!!!",
        "Sooooo true",
        WORDS * 5,
        "",
    ],
)
def test_one_link_or_one_shout_says_nothing(text: str) -> None:
    finding = LooksLikeAdvertising().run(a_submission(text), a_context())
    assert finding.signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A" * 34 + "b" * 14, False),
        ("AB" * 18 + "c" * 14, True),
        ("\u00c4\u0416" * 18 + "\u00e9" * 14, True),
        ("!?" * 30, True),
        ("\u20ac!" * 30, True),
        ("!?" * 29 + " x", False),
        ("ab" + "o" * 50, True),
        ("ab" + "\u00f6" * 50, True),
        ("ab" + "o" * 49, False),
    ],
    ids=str,
)
def test_what_stands_out_begins_where_a_stretch_has_enough_of_it(text: str, *, says: bool) -> None:
    finding = LooksLikeAdvertising().run(a_submission(text), a_context())
    assert (finding.signal is Signal.SUSPECT) is says


def test_a_wall_of_links_waits_for_a_person() -> None:
    text = " ".join(f"https://shop{n}.example.test/" for n in range(10))
    finding = LooksLikeAdvertising().run(a_submission(text), a_context())
    assert finding.code == "looks_like_advertising"
    assert "links per 200 characters" in finding.reason
    assert decide([finding], Policy()).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ([], "links per 200 characters, to hosts never seen here"),
        (["shop1.test"], "links per 200 characters, some to hosts never seen here"),
        (["shop1.test", "shop2.test"], "links per 200 characters"),
    ],
)
def test_dense_links_say_what_is_known_of_their_hosts(known: list[str], says: str) -> None:
    text = "https://shop1.test/a https://www.shop2.test/b https://shop1.test/c"
    seen = Reputation(approved=1, approved_now=1.0, since=NOON)
    hosts = {h: seen if h in known else Reputation() for h in ("shop1.test", "shop2.test")}
    finding = LooksLikeAdvertising().run(a_submission(text), a_context(hosts=hosts))
    assert finding.reason == f"The text has 3.0 {says}"
    assert finding.weight == 0.1


def test_noise_without_links_is_approved() -> None:
    noise = "BUY NOW!!!!!!!! $$$$$$$$$$ WIN!!!!!!!!! " * 20
    finding = LooksLikeAdvertising().run(a_submission(noise), a_context())
    assert finding.signal is Signal.SUSPECT
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


def test_links_back_into_the_blog_are_not_counted() -> None:
    text = "See https://blog.example.org/1 and https://other.example.org/2 there."
    assert measure(Facts(a_submission(text), a_site().hosts)).links == 1


def test_links_that_only_the_browser_sees_are_counted_once() -> None:
    content = '<a href="https://a.example.test/">https://a.example.test/</a> <a href=//b.test>x</a>'
    page = a_submission("https://a.example.test/ x", content=content, format=Format.HTML)
    assert measure(Facts(page, a_site().hosts)).links == 2


@given(text=st.text(max_size=400), repeat=st.integers(1, 20))
def test_densities_never_call_spam(text: str, repeat: int) -> None:
    finding = LooksLikeAdvertising().run(a_submission(text * repeat), a_context())
    assert 0 <= finding.weight <= MAX_WEIGHT
    assert decide([finding], Policy()).verdict is not Verdict.SPAM


@given(
    text=st.text(alphabet="aA!$ .h:/tpw\n", min_size=200, max_size=300), repeat=st.integers(2, 9)
)
def test_a_longer_text_of_the_same_kind_weighs_the_same(text: str, repeat: int) -> None:
    text += "\n"
    once = measure(Facts(a_submission(text), a_site().hosts))
    often = measure(Facts(a_submission(text * repeat), a_site().hosts))
    assert often.links == pytest.approx(once.links, abs=0.5)
    assert often.punctuation == pytest.approx(once.punctuation, abs=0.01)


@given(st.text(alphabet="aé😀! \n", max_size=300))
def test_runs_of_five_are_counted_whatever_the_script(text: str) -> None:
    runs = (len(list(same)) for sign, same in groupby(text) if not sign.isspace())
    length = max(len(text), STRETCH)
    assert (
        measure(Facts(a_submission(text), a_site().hosts)).repeated
        == sum(r for r in runs if r > 4) / length
    )


def test_what_nobody_sees_thins_nothing_out() -> None:
    text = " ".join(f"https://shop{n}.example.test/" for n in range(4))
    stretched = a_submission("\u200b".join(text) + "\u2060" * 400)
    assert LooksLikeAdvertising().run(stretched, a_context()).weight == pytest.approx(
        LooksLikeAdvertising().run(a_submission(text), a_context()).weight
    )
