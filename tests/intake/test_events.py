from datetime import timedelta

import pytest

from moderator.domain.errors import (
    ForbiddenError,
    InvalidError,
    MalformedError,
)
from moderator.domain.events.arrival import Event
from moderator.domain.submission import Format, Kind
from tests.builders import NOON
from tests.intake.ground import an_event_with, parse, wrong_pointers
from tests.web.lab import an_event

WHOLE = {
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


def test_every_field_arrives() -> None:
    arrival = parse(WHOLE)
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
    event = an_event_with("/data/comment/parent_id", "x" * 300)
    event["data"]["post"]["url"] = "nope"
    event["data"]["comment"]["status"] = "nope"
    assert set(wrong_pointers(event)) == {
        "/data/comment/parent_id",
        "/data/post/url",
        "/data/comment/status",
    }


def test_a_refusal_repeats_no_value() -> None:
    for pointer in ("/type", "/data/comment/type", "/data/comment/status", "/data/post/url"):
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
