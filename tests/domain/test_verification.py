"""The claim, the answer and the page: one verdict each, as the module says, in its order."""

import asyncio
from collections.abc import Mapping

import pytest

from moderator.domain.errors import FetchError, OverBudgetError, RefusedError
from moderator.domain.linkback.search import LinkFlag
from moderator.domain.linkback.verification import (
    Claim,
    LinkVerdict,
    Verification,
    judge_claim,
    verify_page,
    verify_source,
)
from moderator.domain.ports import FetchedPage
from moderator.domain.urls.same_page import Tolerance

SOURCE = "https://source.test/page"
TARGET = "https://blog.example/2026/post-1/"
OWN = frozenset({"blog.example"})
LINK = f'<p>I was reading <a href="{TARGET}">your post</a> with joy.</p>'
HTML: Mapping[str, str] = {"content-type": "text/html; charset=utf-8"}


def a_claim(source: str = SOURCE, target: str = TARGET, *, counts_embeds: bool = False) -> Claim:
    return Claim(source, target, OWN, counts_embeds)


def a_page(body: str | bytes, headers: Mapping[str, str] = HTML, status: int = 200) -> FetchedPage:
    encoded = body if isinstance(body, bytes) else body.encode()
    return FetchedPage(SOURCE, status, headers, encoded, (SOURCE,), 12)


def verdict(body: str | bytes, headers: Mapping[str, str] = HTML, status: int = 200) -> str:
    return verify_page(a_page(body, headers, status), a_claim()).verdict


class FetcherThat:
    def __init__(self, outcome: FetchedPage | Exception) -> None:
        self._outcome = outcome

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def fetched(outcome: FetchedPage | Exception, claim: Claim | None = None) -> Verification:
    return asyncio.run(verify_source(claim or a_claim(), FetcherThat(outcome)))


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (TARGET, TARGET, LinkVerdict.REFUSED),
        ("https://blog.example/2026/post-1?utm_source=x#top", TARGET, LinkVerdict.REFUSED),
        ("https://blog.example/other/", TARGET, LinkVerdict.SELF_PING),
        ("http://BLOG.example./other/", TARGET, LinkVerdict.SELF_PING),
        (SOURCE, "https://blog.example.evil.example/p", LinkVerdict.REFUSED),
        (SOURCE, "https://evil.example/blog.example/", LinkVerdict.REFUSED),
        (SOURCE, "https://blog.example/", LinkVerdict.REFUSED),
        (SOURCE, "nonsense", LinkVerdict.REFUSED),
        ("javascript:alert(1)", TARGET, LinkVerdict.REFUSED),
        (f"{SOURCE}\r\nX: y", TARGET, LinkVerdict.REFUSED),
        (SOURCE, "https://blog.example/?p=1", None),
        (SOURCE, TARGET, None),
    ],
)
def test_the_claim_itself(source: str, target: str, expected: LinkVerdict | None) -> None:
    judged = judge_claim(a_claim(source, target))
    assert (judged.verdict if judged else None) == expected


def test_a_refused_fetch_is_refused_and_a_failed_one_unreachable() -> None:
    refused = fetched(RefusedError("No", (SOURCE, "http://127.0.0.1/")))
    assert (refused.verdict, refused.final_url) == (LinkVerdict.REFUSED, "http://127.0.0.1/")
    assert fetched(FetchError("No answer", (SOURCE,))).verdict is LinkVerdict.UNREACHABLE
    waiting = fetched(OverBudgetError("Later", (SOURCE,), retry_after=7))
    assert (waiting.verdict, waiting.retry_after) == (LinkVerdict.UNREACHABLE, 7)


def test_redirects_to_the_blog_itself_do_not_count() -> None:
    to_target = FetchedPage(TARGET, 200, HTML, LINK.encode(), (SOURCE, TARGET), 3)
    assert fetched(to_target).verdict is LinkVerdict.REFUSED
    assert fetched(FetchError("down", (SOURCE, TARGET))).verdict is LinkVerdict.REFUSED
    other = "https://blog.example/other/"
    to_other = FetchedPage(other, 200, HTML, LINK.encode(), (SOURCE, other), 3)
    assert fetched(to_other).verdict is LinkVerdict.SELF_PING


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, "gone"),
        (410, "gone"),
        (302, "unreachable"),
        (403, "unreachable"),
        (429, "unreachable"),
        (500, "unreachable"),
        (204, "linked"),
        (206, "linked"),
    ],
)
def test_the_status_is_honoured(status: int, expected: str) -> None:
    assert verdict(LINK, status=status) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/html", "linked"),
        ("TEXT/HTML;charset=utf-8", "linked"),
        ("application/xhtml+xml", "linked"),
        ("text/plain", "no_link"),
        ("application/json", "no_link"),
        ("image/png", "bad_type"),
        ("application/pdf", "bad_type"),
        ("application/octet-stream", "bad_type"),
        ("nonsense", "bad_type"),
    ],
)
def test_the_type_is_honoured(kind: str, expected: str) -> None:
    assert verdict(LINK, {"content-type": kind}) == expected


def test_a_page_without_type_is_looked_at() -> None:
    assert verdict(f"\n <!DOCTYPE html>{LINK}", {}) == "linked"
    assert verdict(f"{LINK}", {}) == "linked"
    assert verdict(b"\x89PNG\x00\x01" + LINK.encode(), {}) == "bad_type"
    assert verdict(f"just words {LINK}", {}) == "no_link"
    assert verdict(b"", {}) == "no_link"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (LINK.encode("utf-16"), {"content-type": "text/html"}),
        (b"\xef\xbb\xbf" + LINK.encode(), {"content-type": "text/html; charset=latin1"}),
        (LINK.encode("utf-16-be"), {"content-type": "text/html; charset=utf-16be"}),
        (LINK.encode(), {"content-type": 'text/html; charset="UTF-8"'}),
        (LINK.encode(), {"content-type": "text/html; charset=no-such-charset"}),
        (b"\xff\xc3(" + LINK.encode(), HTML),
    ],
)
def test_the_charset_is_read_right(body: bytes, headers: Mapping[str, str]) -> None:
    assert verdict(body, headers) == "linked"


def test_the_header_beats_the_page_and_the_page_beats_a_guess() -> None:
    def excerpt(body: bytes, kind: str) -> str:
        return verify_page(a_page(body, {"content-type": kind}), a_claim()).context.anchor_text

    told = f'<meta charset="shift_jis"><a href="{TARGET}">'
    assert excerpt(f"{told}café</a>".encode(), "text/html; charset=utf-8") == "café"
    assert excerpt(told.encode() + "記事</a>".encode("shift_jis"), "text/html") == "記事"
    russian = f'<a href="{TARGET}">статья</a>'.encode("cp1251")
    assert excerpt(russian, "text/html; charset=windows-1251") == "статья"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "rot13", "zip", "x\x00"])
def test_only_charsets_of_browsers_are_decoded(charset: str) -> None:
    for kind in ("text/html", "text/plain", "application/xml"):
        body = f"{TARGET} {LINK}"
        page = a_page(body, {"content-type": f"{kind}; charset={charset}"})
        assert verify_page(page, a_claim(counts_embeds=True)).verdict is LinkVerdict.LINKED


@pytest.mark.parametrize(
    "body",
    [
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><title/>{LINK}</html>',
        f"<html><title>not well-formed</title>&nbsp;<br>{LINK}",
        f'<?xml version="1.0" encoding="iso-8859-1"?><html><p>\xe9</p>{LINK}</html>'.encode(
            "latin1"
        ),
        f"<html>{LINK}</html>".encode("utf-16"),
        b"\xef\xbb\xbf" + f"<html>{LINK}</html>".encode(),
    ],
)
def test_xhtml_is_read_as_xml_where_it_is_xml(body: str | bytes) -> None:
    assert verdict(body, {"content-type": "application/xhtml+xml"}) == "linked"


def test_xml_entities_do_not_expand() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{'&' + chr(97 + n) + ';'}{'&' + chr(97 + n) + ';'}'>"
        for n in range(20)
    )
    assert verdict(f"{bomb}]><html>&u;{LINK}</html>", {"content-type": "text/xml"}) == "linked"


def test_deep_xml_is_read_like_any_other() -> None:
    deep = "<div style='color:red'>" * 30_000 + LINK + "</div>" * 30_000
    assert verdict(deep, {"content-type": "application/xhtml+xml"}) == "linked_flagged"


def test_utf7_is_never_believed() -> None:
    body = f"+ADw-a href=+ACI-{TARGET}+ACI-+AD4-x+ADw-/a+AD4-"
    assert verdict(body, {"content-type": "text/html; charset=utf-7"}) == "no_link"
    assert verdict(f'<meta charset="utf-7">{body}', {"content-type": "text/html"}) == "no_link"


@pytest.mark.parametrize("status", ["410 Gone", "410", "404 Not Found"])
def test_a_static_page_can_say_that_it_is_gone(status: str) -> None:
    assert verdict(f'<meta http-equiv="Status" content="{status}">{LINK}') == "gone"


def test_what_a_webmention_counts_for_a_link() -> None:
    def webmention(body: str, kind: str = "text/html") -> str:
        page = a_page(body, {"content-type": kind})
        return verify_page(page, a_claim(counts_embeds=True)).verdict

    assert webmention(f'<img src="{TARGET}">') == "linked"
    assert webmention(f'{{"a": [1, {{"b": "{TARGET}"}}]}}', "application/json") == "linked"
    assert webmention(f'{{"{TARGET}": "key"}}', "application/json") == "no_link"
    assert webmention(f'{{"a": "see {TARGET}"}}', "application/json") == "no_link"
    assert webmention(f"see {TARGET}, they say", "text/plain") == "linked"
    assert webmention(f"<p>see {TARGET}</p>") == "no_link"
    assert webmention("[" * 100_000, "application/json") == "no_link"
    assert verdict(f'<img src="{TARGET}">') == "no_link"


def test_what_was_seen_is_told() -> None:
    body = (
        '<html><head><title>A  reply</title><meta name="author" content="Ann"></head><body>'
        "<p>Another paragraph.</p><p>"
        + "word " * 60
        + f'about <a rel="nofollow UGC" href="{TARGET}?utm_source=x"> your\npost </a>'
        + " and more" * 40
        + "</p>"
    )
    seen = verify_page(a_page(body), a_claim())
    assert seen.verdict is LinkVerdict.LINKED
    assert (seen.context.title, seen.context.author) == ("A reply", "Ann")
    assert (seen.context.anchor_text, seen.context.rel) == ("your post", "nofollow ugc")
    assert seen.link == f"{TARGET}?utm_source=x"
    assert seen.tolerances == (Tolerance.TRACKING,)
    assert (seen.status, seen.final_url, seen.hops) == (200, SOURCE, (SOURCE,))
    before, _, after = seen.context.excerpt.partition("your post")
    assert before.startswith("…word word")
    assert before.endswith("about ")
    assert after.endswith(("and…", "more…"))
    assert 80 <= len(before) <= 103
    assert 80 <= len(after) <= 103


def test_without_title_and_author_the_host_stands_for_them() -> None:
    seen = verify_page(a_page(LINK), a_claim())
    assert (seen.context.title, seen.context.author) == ("source.test", "source.test")
    assert seen.context.excerpt == "I was reading your post with joy."


def test_an_h_entry_tells_author_title_and_relation() -> None:
    body = (
        '<title>Site</title><article class="h-entry"><h1 class="p-name">My reply</h1>'
        '<a class="p-author h-card" href="/">Ann Author</a>'
        f'<div class="e-content">To <a class="u-in-reply-to" href="{TARGET}">this</a></div>'
        "</article>"
    )
    context = verify_page(a_page(body), a_claim()).context
    assert (context.title, context.author, context.relation) == ("My reply", "Ann Author", "reply")


def test_a_picture_is_named_by_its_text() -> None:
    seen = verify_page(a_page(f'<p><a href="{TARGET}"><img alt="a cat"></a></p>'), a_claim())
    assert (seen.verdict, seen.context.anchor_text) == (LinkVerdict.LINKED, "a cat")


@pytest.mark.parametrize("host", ["xn--80ak6aa92e.com", "blog.examp1e", "xn--exmple-4nf.test"])
def test_a_source_that_passes_for_another_host_is_flagged(host: str) -> None:
    url = f"https://{host}/page"
    page = FetchedPage(url, 200, HTML, LINK.encode(), (url,), 1)
    seen = verify_page(page, Claim(url, TARGET, frozenset({"blog.example"})))
    assert (seen.verdict, seen.flags) == (LinkVerdict.LINKED, (LinkFlag.LOOKALIKE,))


def test_a_link_farm_and_a_cut_page_are_flagged() -> None:
    links = "".join(f'<a href="http://e{number}.test/">x</a> ' for number in range(400))
    seen = verify_page(a_page(links + LINK), a_claim())
    assert (seen.verdict, seen.flags) == (LinkVerdict.LINKED, (LinkFlag.FARM,))
    cut = FetchedPage(SOURCE, 200, HTML, b"<p>words", (SOURCE,), 1, is_truncated=True)
    seen = verify_page(cut, a_claim())
    assert (seen.verdict, seen.flags) == (LinkVerdict.NO_LINK, (LinkFlag.TRUNCATED,))
