import sys
from types import FrameType
from typing import TYPE_CHECKING

import ada_url
import pytest
import turbohtml
from hypothesis import example, given
from hypothesis import strategies as st

from moderator.domain.linkback import search as link_search
from moderator.domain.linkback.search import LinkFlag, SearchResult, SearchTarget, search_document
from moderator.domain.urls.parse import read

if TYPE_CHECKING:
    from _typeshed import TraceFunction

TARGET = "https://blog.example/2026/post-1/"
PAGE = "https://source.test/page"
LINK = f'<p>read <a href="{TARGET}">this</a></p>'


def search(markup: str, *, page: str = PAGE, embeds: bool = False) -> SearchResult:
    target = read(TARGET)
    assert target is not None
    document = turbohtml.parse(markup, scripting=True, allow_declarative_shadow_roots=False)
    return search_document(
        document, page, SearchTarget(target, frozenset({"blog.example"}), embeds)
    )


@pytest.mark.parametrize(
    "markup",
    [
        LINK,
        f"<A HREF='{TARGET}'>x</A>",
        f"<a title='a > b' href={TARGET}>x</a>",
        f'<a href=" \n{TARGET}\t ">x</a>',
        '<a href="https://blog.example/2026/po\nst-1/">x</a>',
        f'<a\n class="x"\n\thref="{TARGET}"\n>x</a>',
        '<a href="//blog.example/2026/post-1/">x</a>',
        '<a href="https:\\\\blog.example\\2026\\post-1">x</a>',
        '<a href="HTTPS://Blog.Example:443/2026/post-1/#c">x</a>',
        '<a href="https://blog.example/2026/post-1/?a&#x3d;1" hidden>no</a>' + LINK,
        f'<map><area href="{TARGET}"></map>',
        f"<p>x</p><!--><p>{LINK}</p><!-- -->",
        f"<!-- a --!>{LINK}",
        f"<svg><a href='{TARGET}'><text>x</text></a></svg>",
        f"<table><tr><a href='{TARGET}'>x</a></table>",
        f"<base href='https://blog.example/2026/'>{'<a href=post-1/>x</a>'}",
        f"<base target=_top><base href='https://blog.example/'>{'<a href=2026/post-1>x</a>'}",
        f"<base href='javascript:alert(1)'>{LINK}",
        f"<select><option>{LINK}",
        f"<p hidden='until-found'></p>{LINK}",
        f"<template><p></template>{LINK}",
    ],
)
def test_what_a_browser_would_follow_is_a_link(markup: str) -> None:
    found = search(markup).found
    assert found is not None
    assert found.flags == ()


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>I was reading {TARGET} and it made me think.</p>",
        f"<!-- {LINK} -->",
        f"<script>var s='{LINK}'</script>",
        f'<script type="application/ld+json">{{"url":"{TARGET}"}}</script>',
        f"<style>/* {LINK} */</style>",
        f"<template>{LINK}</template>",
        f"<template><template></template>{LINK}</template>",
        f"<div><template shadowrootmode=open>{LINK}</template></div>",
        f"<textarea>{LINK}</textarea>",
        f"<title>{LINK}</title>",
        f"<iframe>{LINK}</iframe>",
        f"<noscript>{LINK}</noscript>",
        f"<xmp>{LINK}</xmp>",
        f"<plaintext>{LINK}",
        f"<iframe srcdoc='{LINK}'></iframe>",
        f"<pre>&lt;a href={TARGET}&gt;x&lt;/a&gt;</pre>",
        f'<a href="{TARGET.rstrip("/")}-part-2/">x</a>',
        f'<a href="{TARGET.upper()}">x</a>',
        f'<a data-src="{TARGET}" href="https://elsewhere.test/">x</a>',
        f'<a href="https://elsewhere.test/" href="{TARGET}">x</a>',
        f"<a href='{TARGET}'",
        f"<![CDATA[ {LINK} ]]>".replace("<p>", ""),
        '<a href="https://blog.example.evil.example/2026/post-1/">x</a>',
        '<a href="https://blog.example@evil.example/2026/post-1/">x</a>',
        '<a href="https://evil.example/blog.example/2026/post-1/">x</a>',
        '<a href="https://evil.example/?u=https://blog.example/2026/post-1/">x</a>',
        '<a href="https://evil.example\\@blog.example/2026/post-1/">x</a>',
        '<a href="https://bIog.example.test/2026/post-1/">x</a>',
        '<base href="https://evil.example/"><a href="2026/post-1/">x</a>',
        f'<form action="{TARGET}"><button formaction="{TARGET}">x</button></form>',
        f'<link rel="canonical" href="{TARGET}">',
        f'<blockquote cite="{TARGET}">x</blockquote>',
        f'<a ping="{TARGET}" href="https://elsewhere.test/">x</a>',
        f'<img src="{TARGET}">',
        f'<meta http-equiv="refresh" content="0; url={TARGET}">',
    ],
)
def test_what_a_browser_would_not_follow_is_none(markup: str) -> None:
    assert search(markup).found is None


@pytest.mark.parametrize(
    "around",
    [
        "<div hidden>{}</div>",
        "<div style='display: none'>{}</div>",
        "<div style='DISPLAY:NONE !important'>{}</div>",
        "<div style='color:red;display:/* x */none'>{}</div>",
        "<div style='visibility:hidden'><p>{}</p></div>",
        "<div style='opacity:0'>{}</div>",
        "<div style='opacity: 0.0;'>{}</div>",
        "<div style='position:absolute;left:-9999px'>{}</div>",
        "<div style='text-indent:-9999px'>{}</div>",
        "<div style='margin-left:-200em'>{}</div>",
        "<div style='font-size:0'>{}</div>",
        "<div style='clip-path: inset(50%)'>{}</div>",
        "<div style='position:absolute;clip:rect(0 0 0 0)'>{}</div>",
        "<div style='height:0;overflow:hidden'>{}</div>",
        "<div style='width:1px;height:1px;overflow:hidden'>{}</div>",
        "<div style='transform:scale(0)'>{}</div>",
        "<dialog>{}</dialog>",
        "<style>.x, #y {{ display : none }}</style><div class='a x'>{}</div>",
        "<style>p{{}} #y{{color:red;visibility:hidden!important}}</style><div id=y>{}</div>",
        "<style>/* .a{{ */ div.x{{left:-99999px}}</style><div class=x>{}</div>",
        "<style>@import 'x'; .x{{display:none}}</style><div class=x>{}</div>",
        "<style>@media print{{p{{}}}} .x{{display:none}}</style><div class=x>{}</div>",
        "<div style='color:blue'><div hidden><div style='color:red'>{}</div></div></div>",
    ],
)
def test_a_hidden_link_is_flagged(around: str) -> None:
    found = search(around.format(LINK)).found
    assert found is not None
    assert found.flags == (LinkFlag.HIDDEN,)


@pytest.mark.parametrize(
    "around",
    [
        "<div style='display:block'>{}</div>",
        "<div style='opacity:0.9'>{}</div>",
        "<div style='font-size:0.9em'>{}</div>",
        "<div style='margin-left:-20px'>{}</div>",
        "<div style='left:-1px;position:relative'>{}</div>",
        "<div style='overflow:hidden;max-height:100px'>{}</div>",
        "<details><summary>More</summary>{}</details>",
        "<dialog open>{}</dialog>",
        "<style>.x{{display:none}}</style><div class=y>{}</div>",
        "<style>@media print{{.x{{display:none}}}}</style><div class=x>{}</div>",
        "<style>.x:hover, .a .x, .x::after{{display:none}}</style><div class=x>{}</div>",
        "<style>.x{{display:block}}</style><div class=x>{}</div>",
        "<style>/* .x{{display:none}} */</style><div class=x>{}</div>",
        "<div aria-hidden=true>{}</div>",
        "<div hidden></div><div style='display:none'>x</div>{}",
    ],
)
def test_a_visible_link_is_not(around: str) -> None:
    found = search(around.format(LINK)).found
    assert found is not None
    assert found.flags == ()


@pytest.mark.parametrize(
    "content", ["", " \n", "\u200b\u2060", "&#8203;", "<b></b>", "<span> </span>"]
)
def test_a_link_without_content_is_flagged(content: str) -> None:
    found = search(f'<p>x <a href="{TARGET}">{content}</a></p>').found
    assert found is not None
    assert found.flags == (LinkFlag.EMPTY,)


def test_the_best_of_several_links_is_taken() -> None:
    hidden = f'<p hidden><a href="{TARGET}">x</a></p>'
    tolerated = '<p><a href="http://blog.example/2026/post-1?utm_source=x">x</a></p>'
    found = search(hidden * 5 + tolerated + LINK).found
    assert found is not None
    assert (found.url.href, found.flags, found.tolerances) == (TARGET, (), ())


def test_embeds_count_only_when_asked_for() -> None:
    assert search(f'<video src="{TARGET}"></video>', embeds=True).found is not None
    assert search(f'<video src="{TARGET}"></video>').found is None


HREFS = st.one_of(
    st.text(max_size=30),
    st.text("htps:/\\.?#@abz019-_~ \t\n\x00éA%", max_size=30),
    st.builds("https://{}".format, st.text("abz019.-:/?#@%\\ \n", max_size=20)),
)


@given(HREFS)
@example("https://0x7f.1/")
@example("/\\evil.test/")
@example("/\t/evil.test/")
@example("https://a.test\n.evil.test/")
@example("x:y")
def test_the_short_cut_sees_the_host_that_the_parser_sees(href: str) -> None:
    quick = link_search._obvious_host(href, "source.test")  # noqa: SLF001 - its soundness is the point
    if quick:
        try:
            resolved = ada_url.join_url(PAGE, href)
        except ValueError:
            return
        assert str(ada_url.URL(resolved).hostname) == quick


def steps(markup: str) -> int:
    """Lines of our own code that run for a page: a count, not a time."""
    taken = 0

    def count(_frame: FrameType, event: str, _argument: object) -> "TraceFunction":
        nonlocal taken
        taken += event == "line"
        return count

    document = turbohtml.parse(markup, scripting=True)
    target = read(TARGET)
    assert target is not None
    wanted = SearchTarget(target, frozenset({"blog.example"}))
    before = sys.gettrace()
    sys.settrace(count)
    try:
        search_document(document, PAGE, wanted)
    finally:
        sys.settrace(before)
    return taken


HOSTILE = {
    "links elsewhere": "<a href='https://e.test/'>x</a>",
    "odd links": "<a href='HTTPS://e.test:x@/'>x</a>",
    "links to the target": LINK,
    "hidden links to the target": f"<p hidden><a href='{TARGET}'>x</a></p>",
    "nested": "<div style='color:red'>",
    "nested hidden": "<div hidden>",
    "unclosed anchors": f"<a href='{TARGET}'>",
    "bases": "<base href='/x/'>",
    "templates": "<template>",
    "styles": "<style>.x{display:none}</style>",
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_the_work_grows_no_faster_than_the_page(shape: str) -> None:
    small, large = (steps(HOSTILE[shape] * times + LINK) for times in (500, 2000))
    assert large <= 4 * small + 1000  # what is bounded by the depth of the tree


def test_the_parser_bounds_the_depth_of_what_is_looked_at() -> None:
    document = turbohtml.parse("<div>" * 50_000 + LINK)
    (anchor,) = document.find_all("a")
    assert sum(1 for _ in anchor.ancestors) <= 520
    found = search("<div>" * 50_000 + LINK).found
    assert found is not None
    assert found.flags == ()
