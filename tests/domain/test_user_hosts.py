"""Hosts with a name per user are told apart, wherever hosts are told apart."""

import pytest

from moderator.domain.content.facts import Facts
from moderator.domain.history.reputation import answerable_hosts, staked
from moderator.domain.submission import Author
from moderator.domain.urls import hosts
from moderator.domain.urls.hosts import disguise, names_of, operator_of, registrable
from moderator.domain.urls.user_hosts import SUFFIXES, user_of
from tests.builders import a_site, a_submission


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_two_users_are_two(suffix: str) -> None:
    assert registrable(f"anna.{suffix}") != registrable(f"bob.{suffix}")
    assert registrable(f"anna.{suffix}") == user_of(f"anna.{suffix}") == f"anna.{suffix}"
    assert registrable(suffix) == registrable(f"www.{suffix}") == suffix


@pytest.mark.parametrize(
    ("host", "user"),
    [
        ("anna.blogspot.de", "anna.blogspot.de"),
        ("www.anna.blogspot.co.uk", "anna.blogspot.co.uk"),
        ("anna.blog12.fc2.com", "anna.blog12.fc2.com"),
        ("anna.wordpress.com", "anna.wordpress.com"),
        ("anna.wordpress.com.evil.test", ""),
        ("notwordpress.com", ""),
        ("blogspot.example.org", ""),
        ("anna.blogspot.example.org", ""),
        ("example.org", ""),
    ],
)
def test_whose_a_host_is(host: str, user: str) -> None:
    assert user_of(host) == user


def test_fetches_are_counted_by_who_runs_the_host() -> None:
    assert operator_of("anna.wordpress.com") == operator_of("bob.wordpress.com") == "wordpress.com"
    assert operator_of("anna.github.io") == "github.io"
    assert operator_of("192.0.2.1") == "192.0.2.1"


def test_a_neighbour_on_the_same_host_is_neither_own_nor_an_imitation_of_itself() -> None:
    site = a_site(hosts=frozenset({"anna.wordpress.com"}))
    facts = Facts(a_submission("See https://bob.wordpress.com/", author=Author()), site.hosts)
    assert answerable_hosts(facts, site) == ("bob.wordpress.com",)
    assert disguise("bob.wordpress.com", site.hosts) == ""
    assert disguise("bern.wordpress.com", ["bem.wordpress.com"]) == "imitates the blog's own"


def test_the_operator_itself_answers_for_nobody() -> None:
    facts = Facts(a_submission("See https://wordpress.com/pricing", author=Author()))
    assert answerable_hosts(facts, a_site()) == ()


def test_a_host_is_kept_by_every_name_that_it_may_be_found_by() -> None:
    assert names_of("a.b.example.co.uk") == (
        "a.b.example.co.uk",
        "b.example.co.uk",
        "example.co.uk",
        "co.uk",
    )
    assert names_of("192.0.2.1") == ("192.0.2.1",)
    assert names_of("localhost") == ("localhost",)


def test_another_list_of_suffixes_changes_no_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept by one list is found by the next, whichever way it changed its mind."""
    submission = a_submission("See https://anna.pages.example.net/post", author=Author())
    kept = staked(Facts(submission), a_site())
    for name in ("example.net", "pages.example.net", "anna.pages.example.net"):
        monkeypatch.setattr(
            "moderator.domain.history.reputation.registrable",
            lambda host, name=name: name if host.endswith(".net") else host,
        )
        assert answerable_hosts(Facts(submission), a_site())[0] in kept
    assert hosts.registrable("anna.pages.example.net") == "example.net"
