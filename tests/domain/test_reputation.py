from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.content.facts import Facts
from moderator.domain.history.reputation import (
    HALF_LIFE,
    MAX_HOSTS,
    Reputation,
    answerable_hosts,
    never_seen,
    remaining,
)
from moderator.domain.submission import Author
from tests.builders import NOON, a_pingback, a_site, a_submission

AGES = st.timedeltas(timedelta(0), timedelta(days=4000))


@given(AGES, AGES)
def test_the_older_a_decision_the_less_it_counts(one: timedelta, other: timedelta) -> None:
    younger, older = sorted((one, other))
    assert 0 < remaining(older) <= remaining(younger) <= 1
    assert remaining(one + HALF_LIFE) == pytest.approx(remaining(one) / 2)


def test_what_comes_from_the_future_counts_once() -> None:
    """The blog's clock may be ahead of ours."""
    assert remaining(timedelta(days=-900)) == 1.0


@given(st.lists(st.tuples(st.booleans(), AGES)))
def test_decisions_add_up_in_any_order(decided: list[tuple[bool, timedelta]]) -> None:
    def told(order: list[tuple[bool, timedelta]]) -> Reputation:
        past = Reputation()
        for is_spam, age in order:
            past = past.after(is_spam=is_spam, decided_at=NOON - age, now=NOON)
        return past

    past, backwards = told(decided), told(decided[::-1])
    assert (past.approved + past.spam, past.since) == (len(decided), backwards.since)
    assert past.spam_now == pytest.approx(backwards.spam_now)
    assert past.spam_now <= past.spam
    assert past.approved_now <= past.approved


def hosts(text: str, author_url: str = "") -> tuple[str, ...]:
    author = Author(name="Ann", url=author_url)
    return answerable_hosts(Facts(a_submission(text, author=author), a_site().hosts), a_site())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("See https://www.news.example.co.uk/a and http://cdn.news.example.co.uk", "example.co.uk"),
        ("as https://ann.blogspot.com/2026 says", "ann.blogspot.com"),
        ("https://youtu.be/x https://www.youtube.com/watch?v=y https://bit.ly/z", ""),
        ("our own https://blog.example.org/2026 and https://example.org/", ""),
        ("https://192.0.2.7/login", "192.0.2.7"),
        ("http://intranet/page", ""),
    ],
)
def test_who_answers_for_a_text(text: str, named: str) -> None:
    assert hosts(text) == ((named,) if named else ())


def test_the_authors_page_and_the_source_answer_too() -> None:
    assert hosts("Nice.", "https://ann.test/me") == ("ann.test",)
    assert answerable_hosts(Facts(a_pingback("https://far.test/post")), a_site()) == ("far.test",)


def test_no_more_than_a_few_hosts_are_asked_about() -> None:
    text = " ".join(f"https://host{n}.test/" for n in range(50))
    assert len(hosts(text)) == MAX_HOSTS


def test_a_site_with_a_port_is_still_itself() -> None:
    site = replace(a_site(), hosts=frozenset({"blog.test:8080"}))
    assert answerable_hosts(Facts(a_submission("http://blog.test:8080/x"), site.hosts), site) == ()


def test_hosts_never_seen_are_told_apart() -> None:
    seen = Reputation().after(is_spam=False, decided_at=NOON, now=NOON)
    known = {"new.example": Reputation(), "old.example": seen}
    links = ["www.new.example", "old.example", "youtube.com", "shop.new.example"]
    assert never_seen(links, known) == ["new.example"]
    assert never_seen(links, {}) == []
