import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.links.find import (
    Link,
    LinkPlace,
    bare_links,
    link_of,
    links_of,
    plain_address,
)
from moderator.domain.submission import Format


def written(text: str, format_: Format = Format.TEXT) -> list[str]:
    return [link.raw for link in links_of(text, format_, "https://blog.example/post/")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("(see https://example.org/a)", ["https://example.org/a"]),
        ("https://example.org/wiki/River_(film), yes", ["https://example.org/wiki/River_(film)"]),
        ("https://example.org/a?b=(c)&d=1!", ["https://example.org/a?b=(c)&d=1"]),
        ("“https://example.org/a”", ["https://example.org/a"]),
        ("<https://example.org/a>", ["https://example.org/a"]),
        ("[text](https://example.org/a)more", ["https://example.org/a"]),
        ("[url=https://example.org/a]text[/url]", ["https://example.org/a"]),
        ("HTTPS://EXAMPLE.ORG/A", ["HTTPS://EXAMPLE.ORG/A"]),
        ("www.example.org, and example.org/b too", ["www.example.org", "example.org/b"]),
        ("notes.txt/x and/or 1.2/3 e.g. a.b/c", []),
        ("mail me@example.org/ or ask", []),
        ("http://[2001:db8::1]/a.", ["http://[2001:db8::1]/a"]),
        ("ends https://example.org...", ["https://example.org"]),
        ("no links here", []),
        ("https://example.org/a https://example.org/a", ["https://example.org/a"] * 2),
        ("https://例え.example/ü", ["https://例え.example/ü"]),
        # Marks of other writing systems, with no space after them.
        ("川は https://example.org/a。次の文", ["https://example.org/a"]),
        ("「https://example.org/a」と", ["https://example.org/a"]),
        ("看https://example.org/a\uff0c好", ["https://example.org/a"]),
        (
            "https://example.org/a、https://example.org/b",
            ["https://example.org/a", "https://example.org/b"],
        ),
        ("\uff08见 www.example.org\uff09", ["www.example.org"]),
        ("看www.example.org/a", ["www.example.org/a"]),
        ("https://example.org。次の文", ["https://example.org"]),
        (
            "https://example.org。https://example.org/b",
            ["https://example.org", "https://example.org/b"],
        ),
        ("https://例え\uff0ecom/a", ["https://例え\uff0ecom/a"]),  # a dot of the name
        ("यह https://example.org/a। और", ["https://example.org/a"]),
        ("انظر https://example.org/a، ثم", ["https://example.org/a"]),
        ("\u201ahttps://example.org/a\u2018", ["https://example.org/a"]),
    ],
)
def test_bare_links_end_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert written(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/2018/04/a-long-ti…",
        "https://example.org/2018/04/a-long-ti...",
        "https://example.org/2018/04/a-long-ti[…]",
        "https://example.org/2018/04/a-long-ti […]",
        "https://example.org/2018/04/a-long-ti [...] and on",
        "https://example.org/2018/04/a-long-ti(…)",
        "https://example.org/2018/04/a-long-ti%E2%80%A6",
        "https://example.org/2018/04/a-long-ti%e2%80%a6.",
        "(https://example.org/2018/04/a-long-ti…)",
        "read https://example.org/2018/04/a-long-ti…, they say",
    ],
)
def test_cut_off_links_are_known_as_such(text: str) -> None:
    (link,) = bare_links(text)
    assert link.is_cut_off
    assert link.raw == "https://example.org/2018/04/a-long-ti"


def test_markup_and_text_around_it() -> None:
    content = (
        '<p>A <a href="https://example.org/2018/04/a-long-title?a=1&amp;b=2">'
        "https://example.org/2018/04/a-lo…</a>, bare https://example.org/z?x=1&amp;y=2 "
        '<a href="/about">us</a> <a href="mailto:a@example.org">m</a> <a name="x">no</a>'
        "<script>'http://no.example/'</script><!-- http://no.example/ --></p>"
    )
    links = links_of(content, Format.HTML, "https://blog.example/post/")
    assert [(link.raw, link.place) for link in links] == [
        ("https://example.org/2018/04/a-long-title?a=1&b=2", LinkPlace.MARKUP),
        ("/about", LinkPlace.MARKUP),
        ("https://example.org/z?x=1&y=2", LinkPlace.TEXT),
    ]
    assert links[1].url is not None
    assert links[1].url.href == "https://blog.example/about"
    assert not any(link.is_cut_off for link in links)


def test_an_anchor_can_lead_to_a_cut_off_address() -> None:
    content = '<a href="https://example.org/a-long-ti%E2%80%A6">x</a>'
    (link,) = links_of(content, Format.HTML)
    assert link.is_cut_off


def test_html_without_markup_still_has_entities() -> None:
    assert written("https://example.org/?a=1&amp;b=2", Format.HTML) == [
        "https://example.org/?a=1&b=2"
    ]
    assert written("https://example.org/?a=1&amp;b=2") == ["https://example.org/?a=1&amp;b=2"]


def test_code_in_a_link_is_a_link_that_opens_nothing() -> None:
    (link,) = links_of('<a href="javascript:alert(1)">x</a>', Format.HTML)
    assert link == Link("javascript:alert(1)", None, LinkPlace.MARKUP)


def test_an_address_in_a_field_of_its_own() -> None:
    assert link_of("", LinkPlace.AUTHOR) is None
    assert link_of("mailto:a@example.org", LinkPlace.AUTHOR) is None
    assert plain_address("https://a.test/?a=1&amp;b=2&#038;c=3") == "https://a.test/?a=1&b=2&c=3"
    assert plain_address("https://a.test/?a=1&copy=2") == "https://a.test/?a=1&copy=2"


@given(st.text(max_size=200), st.sampled_from(Format))
def test_no_text_makes_it_fail(text: str, format_: Format) -> None:
    for link in links_of(text, format_):
        assert link.raw


PIECES = st.sampled_from(
    [
        "http://",
        "www.",
        "a.org/",
        "…",
        "...",
        "[…]",
        "(",
        ")",
        "[",
        "]",
        " ",
        ".",
        "a",
        "\n",
        "<",
        ">",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_bare_link_stands_in_the_text_as_written(text: str) -> None:
    for link in bare_links(text):
        assert link.raw in text
        assert not link.raw.endswith((".", ")", ",")) or link.is_cut_off or "(" in link.raw


@given(st.text("abcdef/-_.", min_size=1, max_size=30).filter(lambda path: path[-1].isalpha()))
def test_words_around_a_link_do_not_change_it(path: str) -> None:
    link = f"https://example.org/{path}"
    assert written(f"before {link}, after") == [link]
    assert written(f"({link})") == [link]
