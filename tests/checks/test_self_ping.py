import pytest

from moderator.checks.self_ping import SelfPing
from moderator.domain.finding import Finding, Signal
from tests.builders import BLOG, a_context, a_pingback, a_site, a_submission


def ask(source: str, *hosts: str) -> Finding:
    site = a_site(hosts=frozenset(hosts or ("blog.example.org",)))
    return SelfPing().run(a_pingback(source), a_context(site=site))


@pytest.mark.parametrize(
    "source",
    [
        f"{BLOG}/another-post/",
        "http://blog.example.org/another-post/",
        "HTTPS://BLOG.EXAMPLE.ORG:443/",
        "https://blog.example.org./x?a=1&amp;b=2",
    ],
)
def test_a_ping_from_the_site_itself_is_redundant(source: str) -> None:
    finding = ask(source)
    assert (finding.signal, finding.code, finding.weight) == (Signal.REDUNDANT, "self_ping", 0)
    assert finding.evidence == {"source": source, "host": "blog.example.org"}


@pytest.mark.parametrize(
    "source",
    [
        "https://blog.example.org.evil.test/",
        "https://blog.example.org@evil.test/",
        "https://evil.test/blog.example.org",
        "https://blog.example.org:8080/",
        "https://www.example.org/",
        "nonsense",
        "",
    ],
)
def test_a_ping_from_elsewhere_is_not(source: str) -> None:
    assert ask(source).signal is Signal.NEUTRAL


def test_every_host_of_the_site_counts() -> None:
    hosts = ("blog.example.org", "localhost:8081")
    assert ask("http://localhost:8081/a/", *hosts).signal is Signal.REDUNDANT
    assert ask("http://localhost:8082/a/", *hosts).signal is Signal.NEUTRAL


def test_a_comment_is_no_ping() -> None:
    assert SelfPing().run(a_submission("hello"), a_context()).signal is Signal.NEUTRAL
