import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.errors import RefusedError
from moderator.domain.urls.parse import MAX_LENGTH, follow, read, strict

REFUSED = [
    "",
    "example.org/a",
    "//example.org/a",
    "ftp://example.org/",
    "file:///etc/passwd",
    "data:text/html,<a href=x>",
    "javascript:alert(1)",
    "http:example.org/a",
    "http:///example.org/a",
    "http://./",
    "https://",
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://@example.org/",
    "http://example.org:80@other.test/",
    "http://example.org\\@other.test/",
    "http://example.org\\.other.test/",
    "http://example.org/a b",
    "http://example.org/a\r\nX-Injected: 1",
    "http://example.org/\ta",
    "http://example.org\x00.other.test/",
    "http://example.org/\u2028",
    "http://example.org/\u202egpj.exe",
    "http://example.org/\ufeff",
    "http://example.org/\ud800",
    "http://exa mple.org/",
    "http://example.org:99999/",
    "http://example.org:x/",
    "http://[::1/",
    "http://[fe80::1%25lo]/",
    "http://a..example.org/",
    f"http://{'a' * 64}.example.org/",
    f"http://{'a.' * 127}example.org/",
    "http://example.org/" + "a" * MAX_LENGTH,
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_two_parsers_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        strict(url)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://127.1/", "127.0.0.1", 80),
        ("http://2130706433/", "127.0.0.1", 80),
        ("http://0x7f000001/", "127.0.0.1", 80),
        ("http://0177.0.0.1/", "127.0.0.1", 80),
        ("http://127。0。0。1/", "127.0.0.1", 80),
        ("http://①②⑦.⓪.⓪.⑥⑥/", "127.0.0.66", 80),
        ("https://[::ffff:127.0.0.1]:8443/", "::ffff:7f00:1", 8443),
        ("http://EXAMPLE.org.:80/", "example.org", 80),
        ("https://exa%6Dple.org/", "example.org", 443),
        ("https://bücher.example/", "xn--bcher-kva.example", 443),
    ],
)
def test_the_host_is_the_one_a_browser_would_ask(url: str, host: str, port: int) -> None:
    parsed = strict(url)
    assert (parsed.host, parsed.port) == (host, port)


@pytest.mark.parametrize(
    ("location", "lands"),
    [
        ("/b", "http://a.test/b"),
        ("b c", "http://a.test/x/b%20c"),
        ("//b.test/", "http://b.test/"),
        ("https://B.test:443/é", "https://b.test/%C3%A9"),
        ("?q=a@b", "http://a.test/x/y?q=a@b"),
        ("http://b.test/@someone", "http://b.test/@someone"),
    ],
)
def test_a_redirect_is_followed_as_a_browser_would(location: str, lands: str) -> None:
    assert follow(location, "http://a.test/x/y").href == lands


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://a.test@b.test/",
        "//a.test\\@b.test/",
        "javascript:alert(1)",
        "http://",
        "http://b.test/" + "a" * MAX_LENGTH,
    ],
)
def test_a_redirect_that_plays_tricks_is_refused(location: str) -> None:
    with pytest.raises(RefusedError):
        follow(location, "http://a.test/x/y")


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda text: f"http://{text}"))
def test_reading_never_fails_and_strict_never_says_otherwise_than_read(url: str) -> None:
    lenient = read(url)
    try:
        judged = strict(url)
    except RefusedError:
        return
    assert judged == lenient
    assert strict(judged.href).href == judged.href
