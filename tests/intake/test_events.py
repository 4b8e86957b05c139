import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.arrival import Arrival, Event
from moderator.domain.errors import (
    ForbiddenError,
    InvalidError,
    MalformedError,
    RequestError,
    TooLargeError,
)
from moderator.domain.submission import Format, Kind
from moderator.intake import events, schema
from tests.builders import NOON
from tests.web.lab import an_event

numbers = count()
DOOR = events.Door("blog", NOON, lambda: f"id-{next(numbers)}")
Json = dict[str, Any]


def parse(event: object) -> Arrival:
    return events.parse(
        json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"), DOOR
    )


def an_event_with(pointer: str, value: object) -> Json:
    """Return a good event with one field replaced (`...` removes it)."""
    event: Json = json.loads(json.dumps(an_event()))
    *path, last = pointer.strip("/").split("/")
    part: Json = event
    for step in path:
        part = part.setdefault(step, {})
    if value is ...:
        part.pop(last, None)
    else:
        part[last] = value
    return event


def wrong_pointers(event: object) -> list[str]:
    with pytest.raises(InvalidError) as refused:
        parse(event)
    return [field.pointer for field in refused.value.fields]


def test_every_field_arrives() -> None:
    sent = {
        "type": "comment.created",
        "timestamp": "2026-03-04T12:00:00Z",
        "data": {
            "site": {"id": "blog", "url": "https://blog.example.org", "lang": "de"},
            "comment": {
                "id": 12,
                "type": "reply",
                "parent_id": "11",
                "status": "approved",
                "status_native": "1",
                "content": {"raw": "<p>Good <b>bridge</b> &amp; river", "format": "html"},
                "link": "https://blog.example.org/p#c12",
                "published": "2026-03-04T12:30:00+01:00",
                "version": "a",
            },
            "author": {
                "id": 5,
                "name": "Alice",
                "email": "alice@example.org",
                "url": "https://alice.example.org/?a=1&amp;b=2",
                "ip": "2001:DB8:0::1",
                "user_agent": "Mozilla/5.0",
                "role": "subscriber",
                "provider": "wordpress",
                "is_authenticated": True,
                "trusted": False,
            },
            "post": {
                "id": 7,
                "url": "https://blog.example.org/p",
                "title": "The river",
                "tags": ["water"],
                "published": "2026-03-01T00:00:00Z",
                "comments_open": True,
            },
            "request": {
                "referrer": "https://blog.example.org/",
                "honeypot": {"name": "url2", "value": "x"},
                "accept_language": "de",
            },
            "ref": 99,
            "ext": {"karma": 3},
        },
    }
    arrival = parse(sent)
    got = arrival.submission
    assert arrival.event is Event.CREATED
    assert (got.site_id, got.platform_id, got.kind) == ("blog", "12", Kind.REPLY)
    assert (got.content, got.format) == ("<p>Good <b>bridge</b> &amp; river", Format.HTML)
    assert got.text == "Good bridge & river"
    assert got.created_at == NOON - timedelta(minutes=30)
    assert got.received_at == NOON
    assert (got.parent_id, got.status, got.status_native) == ("11", "approved", "1")
    assert got.author.url == "https://alice.example.org/?a=1&b=2"
    assert got.author.ip == "2001:db8::1"
    assert (got.author.id, got.author.is_authenticated) == ("5", True)
    assert (got.post.id, got.post.tags, got.post.comments_open) == ("7", ("water",), True)
    assert (got.request.honeypot_name, got.request.honeypot_value) == ("url2", "x")
    assert (got.lang, got.ref, got.version, got.ext) == ("de", "99", "a", {"karma": 3})


def test_without_a_time_of_its_own_it_was_made_when_it_came() -> None:
    assert parse(an_event()).submission.created_at == NOON


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/type", ...),
        ("/type", "nope"),
        ("/type", None),
        ("/timestamp", ...),
        ("/timestamp", "yesterday"),
        ("/timestamp", "2026-03-04T12:00:00"),
        ("/data", ...),
        ("/data", []),
        ("/data/site", ...),
        ("/data/site/id", ...),
        ("/data/site/id", None),
        ("/data/comment", ...),
        ("/data/comment", None),
        ("/data/comment/id", ...),
        ("/data/comment/id", ""),
        ("/data/comment/id", {"$ne": 1}),
        ("/data/comment/id", True),
        ("/data/comment/id", 1.5),
        ("/data/comment/id", "a\nb"),
        ("/data/comment/id", "a" * 256),
        ("/data/comment/type", ...),
        ("/data/comment/type", "nope"),
        ("/data/comment/type", ["comment"]),
        ("/data/comment/status", "approve"),
        ("/data/comment/content", ...),
        ("/data/comment/content", "text"),
        ("/data/comment/content/raw", 12),
        ("/data/comment/content/raw", ""),
        ("/data/comment/content/raw", " \n"),
        ("/data/comment/content/format", "bbcode"),
        ("/data/comment/link", "javascript:alert(1)"),
        ("/data/comment/published", "0000-99-99"),
        ("/data/comment/published", "2026-03-04 12:00:00"),
        ("/data/comment/published", 1e20),
        ("/data/comment/published", 1772625600),
        ("/data/comment/published", "9999-12-31T23:59:59-23:59"),
        ("/data/comment/published", "0001-01-01T00:00:00+23:59"),
        ("/data/author", "x"),
        ("/data/author", []),
        ("/data/author", None),
        ("/data/author/name", {"a": [1]}),
        ("/data/author/email", "a@b.test\r\nBcc: x@y.test"),
        ("/data/author/email", "a" * 400),
        ("/data/author/url", "https://a.test/\nb"),
        ("/data/author/url", "https://a.test/" + "a" * 3_000),
        ("/data/author/ip", "999.1.1.1"),
        ("/data/author/ip", "localhost"),
        ("/data/author/ip", "fe80::1%eth0"),
        ("/data/author/ip", "10.0.0.0/8"),
        ("/data/author/ip", "1" * 10_000),
        ("/data/author/ip", "١.٢.٣.٤"),
        ("/data/author/is_authenticated", "yes"),
        ("/data/post/url", ...),
        ("/data/post/url", ""),
        ("/data/post/url", "http://"),
        ("/data/post/url", "http://["),
        ("/data/post/url", "http://a:b:c/"),
        ("/data/post/url", "x" * 10_000),
        ("/data/post/url", "/relative"),
        ("/data/post/url", "ftp://a.test/"),
        ("/data/post/tags", [1]),
        ("/data/post/tags", ["a"] * 201),
        ("/data/linkback/target", "nowhere"),
        ("/data/ref", "a" * 2_000),
        ("/data/ext", []),
        ("/data/ext", {"a": "b" * 9_000}),
    ],
)
def test_a_wrong_field_is_named(pointer: str, value: object) -> None:
    named = wrong_pointers(an_event_with(pointer, value))
    [found] = named
    assert found == pointer or found.startswith(f"{pointer}/")


def test_all_wrong_values_are_named_at_once() -> None:
    event = an_event_with("/data/author/ip", "nope")
    event["data"]["post"]["url"] = "nope"
    event["data"]["comment"]["status"] = "nope"
    assert set(wrong_pointers(event)) == {
        "/data/author/ip",
        "/data/post/url",
        "/data/comment/status",
    }


def test_a_refusal_repeats_no_value() -> None:
    for pointer in ("/type", "/data/comment/type", "/data/comment/status", "/data/author/ip"):
        with pytest.raises(InvalidError) as refused:
            parse(an_event_with(pointer, "<canary>"))
        assert "canary" not in f"{refused.value} {refused.value.fields}"


@pytest.mark.parametrize("name", ["parent_id", "status", "link", "published", "version"])
def test_what_a_platform_does_not_have_may_be_null(name: str) -> None:
    parse(an_event_with(f"/data/comment/{name}", None))


def test_another_site_is_refused() -> None:
    with pytest.raises(ForbiddenError):
        parse(an_event(site="other"))


@pytest.mark.parametrize("value", [[], "x", 12, True, None])
def test_an_event_is_an_object(value: object) -> None:
    with pytest.raises(MalformedError):
        parse(value)


def test_content_has_a_limit() -> None:
    at_limit = an_event_with("/data/comment/content/raw", "a" * events.CONTENT_LIMIT)
    assert len(parse(at_limit).submission.text) == events.CONTENT_LIMIT
    with pytest.raises(TooLargeError):
        parse(an_event_with("/data/comment/content/raw", "a" * (events.CONTENT_LIMIT + 1)))


@pytest.mark.parametrize("unit", ["<b>", "<table>", "&amp;", "<!--", "<a href='", "\u0301", "<p><"])
def test_hostile_markup_becomes_text_of_bounded_size(unit: str) -> None:
    hostile = (unit * events.CONTENT_LIMIT)[: events.CONTENT_LIMIT]
    got = parse(an_event_with("/data/comment/content/raw", hostile)).submission
    assert got.content == hostile
    assert len(got.text) <= 2 * events.CONTENT_LIMIT


def test_scripts_and_styles_are_no_text() -> None:
    html = "<style>p{}</style><p>Hello<script>alert(1)</script> there"
    event = an_event_with("/data/comment/content", {"raw": html, "format": "html"})
    assert parse(event).submission.text.split() == ["Hello", "there"]


def test_markdown_and_text_stay_as_they_are() -> None:
    for form in ("markdown", "text"):
        event = an_event_with("/data/comment/content", {"raw": "a < b &amp; c", "format": form})
        assert parse(event).submission.text == "a < b &amp; c"


def test_rendered_html_serves_where_there_is_no_raw_text() -> None:
    event = an_event_with(
        "/data/comment/content", {"rendered": "<p>Hi &amp; bye</p>", "format": "markdown"}
    )
    got = parse(event).submission
    assert (got.format, got.text) == (Format.HTML, "Hi & bye")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://a.test/?x=1&#038;y=2", "https://a.test/?x=1&y=2"),
        ("https://a.test/?x=1&amp;amp;y=2", "https://a.test/?x=1&amp;y=2"),
        ("https://a.test/?x=1&copy=2", "https://a.test/?x=1&copy=2"),
        (" not a url ", "not a url"),
        ("", ""),
    ],
)
def test_addresses_are_unescaped_once(sent: str, kept: str) -> None:
    assert parse(an_event_with("/data/author/url", sent)).submission.author.url == kept


def a_pingback(linkback: object, **author: str) -> Json:
    event: Json = an_event_with("/data/comment/type", "pingback")
    event["data"]["author"] = author
    event["data"]["linkback"] = linkback
    return event


def test_a_linkback_carries_its_claim() -> None:
    got = parse(
        a_pingback(
            {
                "source": "https://a.test/?p=1&#038;q=2",
                "target": "https://blog.example.org/p",
                "source_title": "A\npage",
                "source_html": "<html>",
            }
        )
    ).submission.linkback
    assert got is not None
    assert (got.protocol, got.source) == ("pingback", "https://a.test/?p=1&q=2")
    assert (got.source_title, got.source_html) == ("A page", "<html>")


def test_a_linkback_without_a_claim_comes_from_the_author_s_page() -> None:
    got = parse(a_pingback(None, url="https://a.test/1")).submission.linkback
    assert got is not None
    assert (got.source, got.target) == (
        "https://a.test/1",
        "https://blog.example.org/2026/03/the-river",
    )


def test_a_linkback_from_nowhere_is_refused() -> None:
    assert wrong_pointers(a_pingback(None)) == ["/data/linkback/source"]


def test_a_linkback_may_have_no_text_but_its_excerpt() -> None:
    event = a_pingback({"source": "https://a.test/1", "excerpt": "[…] see here […]"})
    event["data"]["comment"]["content"] = {"raw": ""}
    assert parse(event).submission.text == "[…] see here […]"


@pytest.mark.parametrize("event", ["comment.deleted", "comment.reported"])
def test_an_event_about_a_known_comment_needs_only_its_id(event: str) -> None:
    sent = {
        "type": event,
        "timestamp": "2026-03-04T12:00:00Z",
        "data": {"site": {"id": "blog"}, "comment": {"id": "1"}},
    }
    arrival = parse(sent)
    assert arrival.event == event
    assert arrival.submission.platform_id == "1"


def test_a_changed_status_has_to_be_told() -> None:
    sent = an_event() | {"type": "comment.status_changed"}
    assert wrong_pointers(sent) == ["/data/comment/status"]
    told = an_event_with("/data/comment/status", "spam") | {"type": "comment.status_changed"}
    assert parse(told).submission.status == "spam"


def test_unknown_fields_are_kept_aside() -> None:
    event = an_event_with("/data/comment/karma", 7)
    event["data"]["author"]["badges"] = ["gold"]
    event["data"]["callback_url"] = "http://169.254.169.254/"
    event["data"]["ext"] = {"own": 1}
    assert parse(event).submission.ext == {
        "own": 1,
        "comment.karma": 7,
        "author.badges": ["gold"],
        "callback_url": "http://169.254.169.254/",
    }


def test_secrets_are_dropped_wherever_they_stand() -> None:
    event = an_event_with("/data/secret", "s")
    event["data"]["comment"]["approve_link"] = "https://blog.example.org/approve?t=1"
    event["data"]["ext"] = {"webhookSecret": "s", "deep": [{"api-key": "s", "fine": 1}]}
    assert parse(event).submission.ext == {"deep": [{"fine": 1}]}


def test_unknown_fields_without_room_are_dropped() -> None:
    event = an_event_with("/data/big", "b" * 9_000)
    event["data"]["small"] = 1
    assert parse(event).submission.ext == {"small": 1}


def digest_of(change: Callable[[Json], object]) -> str:
    event: Json = json.loads(json.dumps(an_event()))
    change(event)
    return parse(event).digest


def test_the_digest_is_of_the_data_and_not_of_the_envelope() -> None:
    same = digest_of(dict)
    assert digest_of(lambda event: event.update(timestamp="2026-03-05T00:00:00Z")) == same
    assert digest_of(lambda event: event.update(attempt=2)) == same
    assert digest_of(lambda event: event["data"].update(secret="new")) == same
    assert digest_of(lambda event: event["data"]["author"].update(name="Bob")) != same
    assert digest_of(lambda event: event["data"].update(karma=1)) != same


def test_white_space_and_order_make_no_other_comment() -> None:
    event = an_event()
    turned = dict(reversed(list(event.items())))
    first = events.parse(json.dumps(event, indent=2).encode(), DOOR)
    second = events.parse(json.dumps(turned, separators=(",", ":")).encode(), DOOR)
    assert first.digest == second.digest


def test_times_are_kept_in_utc() -> None:
    event = an_event_with("/data/post/published", "2026-03-04T01:00:00+09:00")
    published = parse(event).submission.post.published
    assert published == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert published.tzinfo is UTC


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
POINTERS = [
    "/type",
    "/timestamp",
    "/data",
    *(f"/data/{part}" for part in (*schema.BODY, "x")),
    *(f"/data/{part}/{name}" for part, names in schema.PARTS.items() for name in names),
    "/data/comment/content/raw",
    "/data/comment/content/rendered",
    "/data/comment/content/format",
    "/data/request/honeypot/name",
]


@given(pointer=st.sampled_from(POINTERS), value=ANYTHING)
def test_any_value_anywhere_is_taken_or_refused_by_design(pointer: str, value: object) -> None:
    try:
        arrival = parse(an_event_with(pointer, value))
    except RequestError:
        return
    assert arrival.submission.site_id == "blog"


@given(body=st.binary(max_size=300))
def test_any_bytes_are_refused_by_design(body: bytes) -> None:
    with pytest.raises(RequestError):
        events.parse(body, DOOR)
    with pytest.raises(RequestError):
        events.parse_bulk(body, DOOR)
