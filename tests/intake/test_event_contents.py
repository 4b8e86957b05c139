import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from moderator.domain.errors import (
    TooLargeError,
)
from moderator.domain.submission import Format
from moderator.intake.webhook import events
from tests.intake.ground import ORIGIN, Json, an_event_with, parse, wrong_pointers
from tests.web.lab import an_event


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


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:51234", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.7, 198.51.100.1, 10.0.0.1", "192.0.2.7"),
        ("2001:DB8::7", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7/64", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7\n", "192.0.2.7"),
        ("for=192.0.2.7;proto=https", "192.0.2.7"),
        ('for="[2001:db8::7]:443"', "2001:db8::7"),
        ("unknown, 192.0.2.7", "192.0.2.7"),
        ("999.1.1.1", ""),
        ("localhost", ""),
        ("192.0.2.7 or so", ""),
        ("1" * 10_000, ""),
        ("١.٢.٣.٤", ""),
        ("unknown", ""),
    ],
)
def test_an_odd_address_costs_no_comment(sent: str, kept: str) -> None:
    assert parse(an_event_with("/data/author/ip", sent)).submission.author.ip == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "a@b.test\r\nBcc: x@y.test"),
        ("email", "a" * 400),
        ("url", "https://a.test/\nb"),
        ("url", "https://a.test/" + "a" * 3_000),
    ],
)
def test_what_a_visitor_filled_in_oddly_counts_as_not_given(field: str, value: str) -> None:
    author = parse(an_event_with(f"/data/author/{field}", value)).submission.author
    assert getattr(author, field) == ""


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("O&#039;Neill &amp; Sons", "O'Neill & Sons"),
        ("Andr&eacute;", "André"),
        ("&notaword; A&B;", "&notaword; A&B;"),
        ("Ann&#10;Bob", "Ann Bob"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("R&D &copy; &lt;b&gt;", "R&D © <b>"),
    ],
)
def test_names_and_titles_are_unescaped_once(sent: str, kept: str) -> None:
    assert parse(an_event_with("/data/author/name", sent)).submission.author.name == kept
    assert parse(an_event_with("/data/post/title", sent)).submission.post.title == kept


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


@pytest.mark.parametrize(
    ("said", "relation"), [("like", "like"), ("reply", "reply"), ("favourite", ""), (None, "")]
)
def test_what_a_linkback_is_the_platform_may_say(said: str | None, relation: str) -> None:
    got = parse(a_pingback({"source": "https://a.test/1", "type": said})).submission.linkback
    assert got is not None
    assert got.relation == relation


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
    first = events.parse(json.dumps(event, indent=2).encode(), ORIGIN)
    second = events.parse(json.dumps(turned, separators=(",", ":")).encode(), ORIGIN)
    assert first.digest == second.digest


def test_times_are_kept_in_utc() -> None:
    event = an_event_with("/data/post/published", "2026-03-04T01:00:00+09:00")
    published = parse(event).submission.post.published
    assert published == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert published.tzinfo is UTC
