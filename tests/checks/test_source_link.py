import asyncio

import pytest

from moderator.checks.source_link import SourceLink
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.ports import FetchedPage
from moderator.domain.submission import Linkback
from moderator.domain.verdict import Verdict
from moderator.intake.linkback import pingback, webmention
from tests.builders import POST, a_context, a_pingback, a_site, a_submission
from tests.checks.reaching import FakeWeb, a_page, reaching

SOURCE = "https://source.test/page"
LINK = f'<p>I read <a href="{POST.url}">The river</a> twice.</p>'


def ask(
    answer: FetchedPage | RefusedError | FetchError, *, source: str = SOURCE, **linkback: object
) -> Finding:
    web = FakeWeb({SOURCE: answer})
    claim = Linkback("pingback", source, POST.url, **linkback)  # type: ignore[arg-type]  # few
    pingback = a_pingback(source, linkback=claim)
    return asyncio.run(SourceLink().run(pingback, a_context(), reaching(web)))


def verdict(finding: Finding) -> Verdict:
    return decide([finding], Policy()).verdict


def test_a_true_claim_lets_pass_and_is_told_in_full() -> None:
    finding = ask(a_page(SOURCE, f"<title>A reply</title>{LINK}"))
    assert (finding.signal, finding.code) == (Signal.HAM, "linked")
    assert verdict(finding) is Verdict.APPROVE
    assert finding.evidence["excerpt"] == "I read The river twice."
    assert finding.evidence["title"] == "A reply"
    assert finding.evidence["anchor_text"] == "The river"
    assert finding.evidence["final_url"] == SOURCE
    assert finding.evidence["hops"] == [SOURCE]


@pytest.mark.parametrize(
    ("answer", "code", "signal", "expected"),
    [
        (a_page(SOURCE, "<p>no"), "no_link", Signal.SPAM, Verdict.SPAM),
        (a_page(SOURCE, POST.url), "no_link", Signal.SPAM, Verdict.SPAM),
        (a_page(SOURCE, LINK, status=410), "gone", Signal.SPAM, Verdict.SPAM),
        (a_page(SOURCE, LINK, status=503), "unreachable", Signal.UNAVAILABLE, Verdict.HOLD),
        (FetchError("no answer"), "unreachable", Signal.UNAVAILABLE, Verdict.HOLD),
        (RefusedError("no"), "refused", Signal.SUSPECT, Verdict.HOLD),
        (
            FetchedPage(SOURCE, 200, {"content-type": "image/png"}, b"x", (SOURCE,), 1),
            "bad_type",
            Signal.SUSPECT,
            Verdict.HOLD,
        ),
        (
            a_page(SOURCE, f"<div hidden>{LINK}</div>"),
            "linked_flagged",
            Signal.SUSPECT,
            Verdict.HOLD,
        ),
        (
            FetchedPage(
                SOURCE, 200, {"content-type": "text/html"}, b"<p>", (SOURCE,), 1, is_truncated=True
            ),
            "no_link",
            Signal.SUSPECT,
            Verdict.HOLD,
        ),
        (
            a_page("https://blog.example.org/x", LINK, hops=(SOURCE, "https://blog.example.org/x")),
            "self_ping",
            Signal.REDUNDANT,
            Verdict.DISCARD,
        ),
    ],
)
def test_what_each_answer_means(
    answer: FetchedPage | RefusedError | FetchError, code: str, signal: Signal, expected: Verdict
) -> None:
    finding = ask(answer)
    assert (finding.code, finding.signal) == (code, signal)
    assert verdict(finding) is expected
    assert finding.evidence["verdict"] == code
    assert finding.reason


@pytest.mark.parametrize(
    "body",
    [
        f"<p>I read <a href='{POST.url}'>The river</a> in a caf\ufffd.</p>",
        f"<title>Caf\ufffd</title>{LINK}",
        f"<meta name=author content='Zo\ufffd'>{LINK}",
    ],
)
def test_words_that_cannot_be_read_are_held(body: str) -> None:
    claim = Linkback("pingback", SOURCE, POST.url)
    pingback = a_pingback(SOURCE, linkback=claim, by_door=True)
    web = FakeWeb({SOURCE: a_page(SOURCE, body)})
    finding = asyncio.run(SourceLink().run(pingback, a_context(), reaching(web)))
    assert (finding.code, verdict(finding)) == ("linked_flagged", Verdict.HOLD)
    assert "cannot be read" in finding.reason
    # What the blog itself read and shows is its own.
    told = a_pingback(SOURCE, "I read The river.", linkback=claim)
    finding = asyncio.run(SourceLink().run(told, a_context(), reaching(web)))
    assert verdict(finding) is Verdict.APPROVE


def test_an_excerpt_of_the_blogs_that_cannot_be_read_is_held() -> None:
    web = FakeWeb({SOURCE: a_page(SOURCE, LINK)})
    told = a_pingback(SOURCE, "In a caf\ufffd")
    finding = asyncio.run(SourceLink().run(told, a_context(), reaching(web)))
    assert verdict(finding) is Verdict.HOLD


def test_a_link_farm_that_links_is_held() -> None:
    farm = "".join(f'<a href="https://e{number}.test/">x</a>' for number in range(400))
    finding = ask(a_page(SOURCE, farm + LINK))
    assert verdict(finding) is Verdict.HOLD
    assert finding.reason == "The source links to the target (link farm)"


def test_a_page_that_the_platform_fetched_is_not_fetched_again() -> None:
    web = FakeWeb()
    linkback = Linkback("pingback", SOURCE, POST.url, source_html=f"<p>é {LINK}")
    pingback = a_pingback(SOURCE, linkback=linkback)
    finding = asyncio.run(SourceLink().run(pingback, a_context(), reaching(web)))
    assert finding.code == "linked"
    assert web.asked == []


def test_escaped_addresses_are_read() -> None:
    web = FakeWeb({"https://source.test/?a=1&b=2": a_page(SOURCE, LINK)})
    pingback = a_pingback("https://source.test/?a=1&amp;b=2")
    finding = asyncio.run(SourceLink().run(pingback, a_context(), reaching(web)))
    assert finding.code == "linked"


def test_only_what_is_allowed_for_sources_is_opened_for_strangers() -> None:
    web = FakeWeb()
    allowed = frozenset({("127.0.0.1", 8080)})
    for_callbacks = frozenset({("127.0.0.1", 8081)})
    site = a_site(source_addresses=allowed, allowed_addresses=for_callbacks)
    context = a_context(site=site)
    asyncio.run(SourceLink().run(a_pingback(SOURCE), context, reaching(web)))
    assert web.allowed == allowed


def test_only_a_webmention_may_embed_instead_of_link() -> None:
    page = a_page(SOURCE, f'<img src="{POST.url}">')
    for kind, code in ((webmention.KIND, "linked"), (pingback.KIND, "no_link")):
        submission = a_pingback(SOURCE, kind=kind)
        web = FakeWeb({SOURCE: page})
        finding = asyncio.run(SourceLink().run(submission, a_context(), reaching(web)))
        assert finding.code == code


def test_it_is_asked_of_linkbacks_only() -> None:
    assert SourceLink().applies(a_pingback(SOURCE), a_context())
    assert not SourceLink().applies(a_submission("hello"), a_context())
