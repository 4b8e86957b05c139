from dataclasses import replace

import pytest

from moderator.checks.lists import Lists, says_something
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Format
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_pingback, a_site, a_submission


def listed(text: str, *denied: str, allowed: tuple[str, ...] = (), **changes: object) -> Finding:
    site = replace(a_site(), policy=Policy(denylist=denied, allowlist=allowed))
    return Lists().run(a_submission(text, **changes), a_context(site=site))


def test_a_denied_host_is_spam_and_named() -> None:
    finding = listed("Look at https://www.casino.example.test/?a=1 now", "casino.example.test")
    assert (finding.signal, finding.code) == (Signal.SPAM, "denied")
    assert finding.reason == "The site's denylist names: casino.example.test"
    assert finding.evidence == {"entries": ["casino.example.test"]}
    assert decide([finding], Policy()).verdict is Verdict.SPAM


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("example.test", "http://a.b.example.test:8080/x"),
        ("*.example.test", "www.example.test"),
        ("https://example.test/shop", "https://u:p@example.test"),
        ("Cheap Pills", "buy cheap,  PILLS here"),
        ("pills", "\U0001d429\U0001d422\U0001d425\U0001d425\U0001d42c"),
        ("pills", "p\u200bi\u200blls"),
        ("赌场", "欢迎来到赌场玩"),
        ("don’t panic", "Don’t panic!"),
    ],
)
def test_what_an_entry_names(entry: str, text: str) -> None:
    assert listed(text, entry).code == "denied"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("example.test", "https://notexample.test and https://example.test.example.org"),
        ("pill", "the pillar of the pills"),
        ("cheap pills", "cheap red pills"),
        ("u.$.", "u and me"),
        ("", "anything"),
        ("((((((((((a+)+)+)+", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
    ],
)
def test_what_an_entry_does_not_name(entry: str, text: str) -> None:
    assert listed(text, entry).signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("entry", "author"),
    [
        ("bad@example.test", Author(email="Bad@Example.test")),
        ("@example.test", Author(email="any@example.test")),
        ("192.0.2.66", Author(ip="192.0.2.66")),
        ("192.0.2.0/24", Author(ip="::ffff:192.0.2.66")),
        ("2001:db8::/32", Author(ip="2001:db8::7")),
        ("farm.example.test", Author(url="https://www.farm.example.test/me")),
        ("best casino", Author(name="Best Casino")),
    ],
)
def test_entries_about_the_author(entry: str, author: Author) -> None:
    assert listed("Hello there", entry, author=author).code == "denied"
    assert listed("Hello there", entry, author=Author(ip="not an address")).code == ""


def test_the_source_of_a_linkback_is_named_too() -> None:
    site = replace(a_site(), policy=Policy(denylist=("farm.example.test",)))
    ping = a_pingback("https://farm.example.test/copy", "an excerpt")
    assert Lists().run(ping, a_context(site=site)).code == "denied"


def test_a_host_hidden_in_an_entity_is_found() -> None:
    content = '<a href="&#104;ttps://casino.example.test/">click</a>'
    finding = listed("click", "casino.example.test", content=content, format=Format.HTML)
    assert finding.code == "denied"


def test_the_allowlist_speaks_for_a_submission_unless_the_denylist_speaks() -> None:
    text = "See https://news.example.org/a"
    assert listed(text, allowed=("news.example.org",)).signal is Signal.HAM
    assert listed(text, "see", allowed=("news.example.org",)).signal is Signal.SPAM


def test_an_empty_list_says_nothing() -> None:
    assert listed("anything at all").signal is Signal.NEUTRAL


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("url:https://example.test/a/b", "https://EXAMPLE.test:443/a/./b#c"),
        ("url:https://example.test/A?x=1", "https://example.test/A?x=1&utm_source=y"),
        ("prefix:https://example.test/blog", "https://example.test/blog"),
        ("prefix:https://example.test/blog/", "https://example.test/blog/a?b"),
        ("prefix:https://example.test/", "https://example.test/anything"),
        ("host:example.test", "http://www.example.test/a"),
        ("author: The  BEST casino", "Hello"),
    ],
)
def test_what_a_scoped_entry_names(entry: str, text: str) -> None:
    author = Author(name="the best Casino")
    assert listed(text, entry, author=author).code == "denied"
    assert listed(text, allowed=(entry,), author=author).code == "allowed"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("url:https://example.test/a", "https://example.test/a/b and https://example.test/A"),
        ("url:https://example.test/a", "http://example.test/a"),
        ("prefix:https://example.test/blog", "https://example.test/blogger"),
        ("prefix:https://example.test/", "https://example.test.example.org/"),
        ("host:example.test", "https://user.example.test/"),
        ("author:casino", "the casino"),
        ("author:", "anything"),
        ("url:nonsense", "nonsense url:nonsense"),
    ],
)
def test_what_a_scoped_entry_does_not_name(entry: str, text: str) -> None:
    author = Author(name="Best Casino")
    assert listed(text, entry, author=author).signal is Signal.NEUTRAL


def test_scoped_entries_look_at_the_author_and_the_source_too() -> None:
    author = Author(url="https://pages.example.test/~me/")
    entry = "prefix:https://pages.example.test/~me"
    assert listed("Hello", entry, author=author).evidence == {"entries": [entry]}
    site = replace(a_site(), policy=Policy(denylist=("url:https://farm.example.test/copy",)))
    ping = a_pingback("https://farm.example.test/copy", "an excerpt")
    assert Lists().run(ping, a_context(site=site)).code == "denied"


@pytest.mark.parametrize("entry", ["", "x", "url:nonsense", "author:", "host:", "..."])
def test_an_entry_that_could_never_match_is_known(entry: str) -> None:
    assert not says_something(entry)


@pytest.mark.parametrize("entry", ["example.org", "url:https://example.org", "author:Jo", "赌"])
def test_an_entry_that_could_match_is_known(entry: str) -> None:
    assert says_something(entry)
