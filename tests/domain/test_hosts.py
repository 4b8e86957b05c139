import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.urls.hosts import (
    imitates,
    is_under_known_top,
    mixes_scripts,
    passes_for_latin,
    readable,
    registrable,
)


def ascii_host(name: str) -> str:
    return str(ada_url.URL(f"http://{name}/").hostname)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("www.example.org", "example.org"),
        ("someone.github.io", "someone.github.io"),
        ("a.someone.github.io", "someone.github.io"),
        ("localhost", "localhost"),
        ("co.uk", "co.uk"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("good.test", "good.test"),
    ],
)
def test_the_registrable_domain_needs_no_network(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_known_tops() -> None:
    assert is_under_known_top("example.org")
    assert not is_under_known_top("notes.txt")


@pytest.mark.parametrize("name", ["exаmple.org", "раypal.test", "gооgle.test", "ехample.org"])
def test_latin_with_look_alikes_mixes_scripts(name: str) -> None:
    assert mixes_scripts(ascii_host(name))


@pytest.mark.parametrize(
    "name",
    [
        "example.org",
        "bücher.de",
        "żółw.pl",
        "пример.рф",
        "日本ひらカナーa.jp",
        "한국어漢字.kr",
        "ελλάδα.gr",
    ],
)
def test_words_of_one_language_do_not(name: str) -> None:
    assert not mixes_scripts(ascii_host(name))


def test_a_foreign_name_that_looks_latin() -> None:
    assert passes_for_latin(ascii_host("аррӏе.com"))
    assert not passes_for_latin(ascii_host("пример.com"))
    assert not passes_for_latin(ascii_host("аррӏе.рф"))
    assert not passes_for_latin("apple.com")


@pytest.mark.parametrize(
    "host",
    ["exаmple.org", "examp1e.org", "exarnple.org", "exampIe.org", "éxample.org", "www.examp1e.org"],
)
def test_a_host_that_looks_like_ours_is_an_imitation(host: str) -> None:
    assert imitates(ascii_host(host), "blog.example.org")


def test_our_own_subdomains_and_strangers_are_no_imitation() -> None:
    assert not imitates("shop.example.org", "blog.example.org")
    assert not imitates("example.com", "example.org")


def test_broken_punycode_is_shown_as_it_is() -> None:
    assert readable("xn--a.example") == "xn--a.example"
    assert readable("xn--bcher-kva.example") == "bücher.example"


@given(st.text(max_size=20))
def test_no_name_makes_it_fail(name: str) -> None:
    host = name.encode("ascii", "replace").decode().lower()
    for ask in (registrable, readable, mixes_scripts, passes_for_latin, is_under_known_top):
        ask(host)
        ask(f"xn--{host}.test")
    imitates(host, "example.org")
