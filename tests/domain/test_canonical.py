import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.urls.parse import Url, read
from moderator.domain.urls.same_page import Tolerance, canonical, tolerances

OWN = frozenset({"blog.example", "www.blog.example", "blog.example:8080"})
TARGET = "http://blog.example/2026/post-1/"


def url(text: str) -> Url:
    parsed = read(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    "spelling",
    [
        "http://blog.example/2026/post-1/",
        "HTTP://BLOG.EXAMPLE/2026/post-1/",
        "http://blog.example:80/2026/post-1/",
        "http://blog.example./2026/post-1/",
        "http://blog.example/x/../2026/./post-1/",
        "http://blog.example/x/%2e%2e/2026/post-1/",
        "http://blog.example/2026/%70ost%2D1/",
        "http://blog.example/2026/post-1/#respond",
        "  http://blog.example/2026/post-1/\n",
        "http://blog.example/2026\\post-1/",
    ],
)
def test_one_page_has_one_spelling_by_the_standards(spelling: str) -> None:
    assert tolerances(url(spelling), url(TARGET), frozenset()) == ()
    assert canonical(spelling) == TARGET


@pytest.mark.parametrize(
    ("found", "needed"),
    [
        ("http://blog.example/2026/post-1", {Tolerance.SLASH}),
        ("http://blog.example/2026/post-1//", {Tolerance.SLASH}),
        ("https://blog.example/2026/post-1/", {Tolerance.SCHEME}),
        ("http://www.blog.example/2026/post-1/", {Tolerance.HOST}),
        ("http://blog.example/2026/post-1/?utm_source=x", {Tolerance.TRACKING}),
        ("http://blog.example/2026/post-1/?fbclid=a&UTM_Medium=b", {Tolerance.TRACKING}),
        (
            "https://blog.example/2026/post-1?gclid=1#top",
            {Tolerance.SCHEME, Tolerance.SLASH, Tolerance.TRACKING},
        ),
    ],
)
def test_our_tolerances_are_named(found: str, needed: set[Tolerance]) -> None:
    assert set(tolerances(url(found), url(TARGET), OWN) or ()) == needed


@pytest.mark.parametrize(
    "other",
    [
        "http://blog.example/2026/post-1-part-2/",
        "http://blog.example/2026/Post-1/",
        "http://blog.example/2026/post-1/2/",
        "http://blog.example/",
        "http://blog.example/2026/post-1/?p=2",
        "http://blog.example/2026%2Fpost-1/",
        "http://blog.example.evil.example/2026/post-1/",
        "http://blog.example@evil.example/2026/post-1/",
        "http://evil.example/2026/post-1/",
        "http://blog.example:81/2026/post-1/",
        "http://xblog.example/2026/post-1/",
        "ftp://blog.example/2026/post-1/",
    ],
)
def test_another_page_is_another_page(other: str) -> None:
    parsed = read(other)
    assert parsed is None or tolerances(parsed, url(TARGET), OWN) is None


def test_on_foreign_hosts_scheme_and_host_are_not_tolerated() -> None:
    assert tolerances(url("https://a.test/x"), url("http://a.test/x"), OWN) is None
    assert tolerances(url("http://www.a.test/x"), url("http://a.test/x"), OWN) is None


def test_what_is_asked_for_stays() -> None:
    assert canonical("http://a.test/?b=1&utm_source=x&a=2") == "http://a.test/?b=1&a=2"
    assert canonical("http://a.test/?utm_campaign=x") == "http://a.test/"
    assert canonical("http://a.test/é?ü=%c3%bc") == "http://a.test/%C3%A9?%C3%BC=%C3%BC"
    assert canonical("mailto:a@b.test") == ""


PATHS = st.text("abcXYZ019-._~%2/é ?=&#", max_size=30)


@given(PATHS)
def test_canonical_is_stable_and_equals_itself(path: str) -> None:
    once = canonical(f"http://a.test/{path}")
    assert canonical(once) == once
    assert tolerances(url(once), url(f"http://a.test/{path}"), frozenset()) is not None


@given(PATHS, PATHS)
def test_sameness_goes_both_ways(left: str, right: str) -> None:
    a, b = url(f"http://blog.example/{left}"), url(f"https://blog.example/{right}")
    assert tolerances(a, b, OWN) == tolerances(b, a, OWN)
