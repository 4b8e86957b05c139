"""What a platform says is read, and nothing that is named gets lost on the way there and back."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderator.domain.errors import InvalidError, MalformedError, RequestError
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict
from moderator.intake.webhook import events
from moderator.intake.webhook.reader import EventOrigin
from moderator.platforms import INBOUND, PLATFORMS
from moderator.platforms.mapping import (
    EXT_LIMIT,
    Field,
    Inbound,
    Json,
    at,
    part,
    put,
    to_event,
    to_native,
)
from tests.builders import NOON, a_site
from tests.platforms.ground import BY_NAME, NOTICE, SEEN, messages

SITE = a_site()
ORIGIN = EventOrigin("blog", NOON, lambda: "0" * 32)
EACH = pytest.mark.parametrize("platform", INBOUND, ids=[each.name for each in INBOUND])
PAGE = "https://blog.example.org/2026/03/the-river"


def event_of(name: str, message: object) -> Json:
    return to_event(BY_NAME[name], message, SITE, NOON)


def arrival_of(name: str, message: object) -> Arrival:
    return events.arrival(event_of(name, message), ORIGIN)


def read(name: str, **changes: object) -> Submission:
    """The submission that a seen message says, with values changed by their paths."""
    message = copy.deepcopy(SEEN[name])
    for path, value in changes.items():
        put(message, path.replace("__", "."), value)
    return arrival_of(name, message).submission


def data_of(platform: Inbound, message: Json) -> Json:
    return part(to_event(platform, message, SITE, NOON), "data")


def named(platform: Inbound, message: Json) -> Json:
    """The message as far as the table names it."""
    found: Json = {}
    for field in platform.FIELDS:
        value = at(message, field.native)
        if value is not None or field.nullable:
            put(found, field.native, value)
    return found


@EACH
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_named_is_lost(platform: Inbound, data: st.DataObject) -> None:
    message = data.draw(messages(platform))
    before = copy.deepcopy(message)
    assert to_native(platform, data_of(platform, message)) == named(platform, before)
    assert message == before


@EACH
def test_nothing_is_lost_of_what_was_seen(platform: Inbound) -> None:
    message = SEEN[platform.name]
    told = to_native(platform, data_of(platform, message))
    assert told == named(platform, message)
    lost = json.dumps(message, sort_keys=True) != json.dumps(told, sort_keys=True)
    assert lost is (platform.name == "webmention.io")  # its secret


@EACH
@given(data=st.data())
def test_whatever_is_read_is_stored_or_refused_with_a_reason(
    platform: Inbound, data: st.DataObject
) -> None:
    message = data.draw(messages(platform))
    try:
        arrival = arrival_of(platform.name, message)
    except RequestError as error:
        assert str(error)  # noqa: PT017  # it may be either
    else:
        assert arrival.submission.site_id == "blog"
        assert arrival.submission.platform_id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@EACH
@given(junk=JSON, data=st.data())
def test_any_json_is_refused_clearly(platform: Inbound, junk: object, data: st.DataObject) -> None:
    message = data.draw(messages(platform))
    field = data.draw(st.sampled_from(platform.FIELDS))
    put(message, field.native, junk)
    for sent in (junk, message):
        try:
            to_event(platform, sent, SITE, NOON)
        except InvalidError as error:
            assert error.fields  # noqa: PT017
            assert {each.pointer[:1] for each in error.fields} == {"/"}  # noqa: PT017
        except MalformedError:
            assert not isinstance(sent, dict)


@EACH
def test_every_missing_field_is_named_at_once(platform: Inbound) -> None:
    needed = {field.pointer for field in platform.FIELDS if field.is_required}
    with pytest.raises(InvalidError) as raised:
        to_event(platform, {}, SITE, NOON)
    assert {each.pointer for each in raised.value.fields} == needed


@EACH
def test_a_value_of_another_type_is_named_and_not_repeated(platform: Inbound) -> None:
    field = next(each for each in platform.FIELDS if each.is_required)
    message = copy.deepcopy(SEEN[platform.name])
    put(message, field.native, {"x": "hunter2"})
    with pytest.raises(InvalidError) as raised:
        to_event(platform, message, SITE, NOON)
    [wrong] = [each for each in raised.value.fields if each.pointer == field.pointer]
    assert wrong.detail.startswith("Not a")
    assert "hunter2" not in f"{raised.value}{raised.value.fields}"


@EACH
def test_fields_stand_in_one_place_each(platform: Inbound) -> None:
    for side in ("native", "ours"):
        places = [getattr(field, side) for field in platform.FIELDS]
        assert sorted(set(places)) == sorted(places)
    own = [field.ours for field in platform.FIELDS]
    assert [place for place in own if any(other.startswith(f"{place}.") for other in own)] == []


@EACH
def test_every_word_has_one_meaning(platform: Inbound) -> None:
    words: list[Field] = [field for field in platform.FIELDS if field.words]
    for field in words:
        assert len(set((field.words or {}).values())) == len(field.words or {})


@pytest.mark.parametrize("platform", PLATFORMS, ids=[each.name for each in PLATFORMS])
def test_every_verdict_has_a_word(platform: Inbound) -> None:
    said = {verdict: platform.status_native(verdict) for verdict in Verdict}
    assert all(said.values())
    assert said[Verdict.APPROVE] not in {said[Verdict.SPAM], said[Verdict.HOLD]}


def test_what_is_too_long_to_keep_beside_goes_and_the_comment_stays() -> None:
    said = read("waline", data__comment__rid="x" * 9_000)
    kept = said.ext["waline"]
    assert isinstance(kept, dict)
    assert "rid" not in kept
    assert len(json.dumps(said.ext)) < EXT_LIMIT
    assert said.content == "Well **said**"


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
