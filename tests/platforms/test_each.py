"""Each platform's message, as it was seen, says what it should."""

import copy

import pytest

from moderator.domain.errors import InvalidError, MalformedError
from moderator.domain.events.arrival import Event
from moderator.platforms.mapping import part, put
from tests.platforms.ground import NOTICE, SEEN, arrival_of, event_of, read

PAGE = "https://blog.example.org/2026/03/the-river"


def test_coral() -> None:
    said = read("coral", author__role="ADMIN", comment__parentID="d79b")
    assert (said.kind, said.parent_id, said.post.url) == ("reply", "d79b", PAGE)
    assert said.text == "The bridge was finished in 1911."
    assert said.author.is_staff
    assert not read("coral").author.is_staff


def test_coral_knows_a_comment_by_all_it_says() -> None:
    first = read("coral")
    assert first.platform_id == read("coral", action="EDIT").platform_id
    others = [
        read("coral", **change)
        for change in (
            {"comment__body": "Other."},
            {"author__id": "x"},
            {"author__role": "STAFF"},
            {"story__id": "x"},
            {"comment__parentID": "x"},
        )
    ]
    assert len({first.platform_id, *(each.platform_id for each in others)}) == 6
    assert arrival_of("coral", SEEN["coral"] | {"action": "EDIT"}).event is Event.UPDATED


def test_webmention_io() -> None:
    arrival = arrival_of("webmention.io", SEEN["webmention.io"])
    said = arrival.submission
    assert (arrival.event, said.kind) == (Event.UPDATED, "webmention")
    assert said.linkback is not None
    assert (said.linkback.relation, said.linkback.source_title) == ("reply", "On the river")
    assert said.text == "Well said there."
    assert "1234abcd" not in repr(said)
    gone = {name: SEEN["webmention.io"][name] for name in ("source", "target")}
    deleted = arrival_of("webmention.io", gone | {"deleted": True})
    assert deleted.event is Event.DELETED
    assert deleted.submission.platform_id == said.platform_id


@pytest.mark.parametrize(
    ("property_", "relation"),
    [
        ("in-reply-to", "reply"), ("like-of", "like"), ("repost-of", "repost"),
        ("bookmark-of", "bookmark"), ("mention-of", "mention"), ("rsvp", ""),
    ],
)  # fmt: skip
def test_webmention_io_names_what_it_is(property_: str, relation: str) -> None:
    linkback = read("webmention.io", **{"post__wm-property": property_}).linkback
    assert linkback is not None
    assert linkback.relation == relation


def test_webmention_io_without_words() -> None:
    message = copy.deepcopy(SEEN["webmention.io"])
    del part(message, "post")["content"]
    put(message, "post.summary", {"content-type": "text/plain", "value": "In short."})
    assert arrival_of("webmention.io", message).submission.text == "In short."


def test_isso() -> None:
    said = read("isso")
    assert (said.platform_id, said.parent_id, said.status) == ("23", "15", "hold")
    assert (said.post.url, said.author.email) == (PAGE, "max@example.org")
    assert said.created_at.isoformat() == "2016-06-03T08:00:38.254000+00:00"
    gone = {"event": "comments.delete", "comment": {"id": 23}}
    assert arrival_of("isso", gone).event is Event.DELETED
    public = arrival_of("isso", SEEN["isso"] | {"event": "comments.activate"})
    assert (public.event, public.submission.status) == (Event.STATUS_CHANGED, "approved")


def test_django() -> None:
    said = read("django-contrib-comments")
    assert said.post.url == "https://blog.example.org/comments/cr/9/12/"
    assert (said.text, said.status) == ("The bridge < 1911, they say.", "approved")
    assert read("django-contrib-comments", url="/river/").post.url.endswith("org/river/")
    assert read("django-contrib-comments", fields__is_public=False).status == "hold"
    assert read("django-contrib-comments", fields__is_removed=True).status == "trash"
    signed_in = read("django-contrib-comments", fields__user=5).author
    assert (signed_in.id, signed_in.is_authenticated) == ("5", True)


def test_django_writes_a_list_of_one() -> None:
    one = SEEN["django-contrib-comments"]
    assert arrival_of("django-contrib-comments", [one]).submission.platform_id == "7"
    with pytest.raises(MalformedError):
        event_of("django-contrib-comments", [one, one])


def test_django_announces_one_row_twice() -> None:
    again = copy.deepcopy(SEEN["django-contrib-comments"])
    put(again, "fields.ip_address", "198.51.100.7")
    first = arrival_of("django-contrib-comments", SEEN["django-contrib-comments"])
    second = arrival_of("django-contrib-comments", again)
    assert first.submission.platform_id == second.submission.platform_id
    assert first.event is second.event is Event.UPDATED


def test_waline() -> None:
    said = read("waline")
    assert (said.platform_id, said.parent_id, said.status) == ("4", "1", "hold")
    assert (said.kind, said.post.url, said.text) == ("reply", PAGE, "Well **said**")
    assert (said.author.user_agent, said.author.ip) == ("Mozilla/5.0", "192.0.2.10")


def test_twikoo() -> None:
    said = read("twikoo")
    assert (said.platform_id, said.status, said.text) == ("0a1b2c", "approved", "Well said")
    assert said.post.url == PAGE
    assert said.created_at.isoformat() == "2026-03-04T11:59:58.123000+00:00"
    assert read("twikoo", comment__isSpam=True).status == "spam"
    assert read("twikoo", comment__master=True).author.is_staff
    assert read("twikoo", comment__pid="1").kind == "reply"


def test_a_notice_of_twikoo_is_read_back() -> None:
    said = arrival_of("twikoo", NOTICE).submission
    assert (said.platform_id, said.post.url) == ("0a1b2c", PAGE)
    assert (said.author.name, said.author.email) == ("Alice", "alice@example.org")
    assert (said.author.ip, said.text) == ("192.0.2.10", "Well said\n\nand more")


def test_nobody_hides_a_text_in_a_notice() -> None:
    """Words of the notice in a name or a text are read as text."""
    false = "x\n\n评论人IP：192.0.2.1\n\n评论内容：Nice post\n\n原文链接：[https://a.example#1](x)"
    content = str(NOTICE["content"]).replace("Alice", false).replace("Well said", "Casino!")
    assert "Casino!" in arrival_of("twikoo", {"content": content}).submission.text


@pytest.mark.parametrize("content", ["", "评论人：Alice", str(NOTICE["content"])[:-150]])
def test_what_is_no_notice_is_refused(content: str) -> None:
    with pytest.raises(InvalidError) as raised:
        event_of("twikoo", {"title": "x", "content": content})
    assert raised.value.fields[0].pointer == "/content"


@pytest.mark.parametrize(
    ("name", "path"),
    [("coral", "action"), ("isso", "event"), ("waline", "type"), ("twikoo", "event")],
)
def test_a_message_of_another_kind_is_refused(name: str, path: str) -> None:
    with pytest.raises(InvalidError) as raised:
        event_of(name, SEEN[name] | {path: "hunter2"})
    [wrong] = raised.value.fields
    assert wrong.pointer == f"/{path}"
    assert wrong.detail.startswith("Not one of: ")
    assert "hunter2" not in wrong.detail
