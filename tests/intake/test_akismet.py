"""What Akismet clients say of a comment becomes a submission; what else they send is not kept."""

from datetime import UTC, datetime, timedelta

import pytest

from moderator.domain.submission import Kind, Submission
from moderator.intake.akismet import comment as akismet
from moderator.intake.akismet.form import Form
from moderator.intake.webhook.reader import EventOrigin
from moderator.storage.base.payload import dump
from tests.builders import NOON

BLOG = "http://blog.example"
USUAL = {
    "blog": BLOG,
    "user_ip": "203.0.113.9",
    "user_agent": "Mozilla/5.0",
    "comment_type": "comment",
    "comment_author": "Jane O'Neil",
    "comment_author_email": "jane@reader.example",
    "comment_content": 'I don\'t think it is "tea".',
    "permalink": f"{BLOG}/2026/03/tea/",
}


def form(**changes: str) -> Form:
    return Form(tuple((USUAL | changes).items()))


def said(**changes: str) -> Submission:
    return akismet.submission(form(**changes), EventOrigin("blog", NOON, lambda: "0001"))


def test_a_comment_says_who_what_and_where() -> None:
    it = said(comment_parent="7", comment_post_ID="3", user_role="subscriber", referrer=BLOG)
    assert (it.kind, it.content, it.post.url) == (
        Kind.COMMENT,
        'I don\'t think it is "tea".',
        f"{BLOG}/2026/03/tea/",
    )
    assert (it.author.name, it.author.email, it.author.ip) == (
        "Jane O'Neil",
        "jane@reader.example",
        "203.0.113.9",
    )
    assert (it.parent_id, it.post.id, it.author.role, it.request.referrer) == (
        "7",
        "3",
        "subscriber",
        BLOG,
    )


SLASHED = {"comment_author": r"Jane O\'Neil", "comment_content": r"I don\'t think it is \"tea\"."}


def test_slashed_and_clean_text_are_one_comment() -> None:
    slashed, clean = said(**SLASHED), said()
    assert slashed.platform_id == clean.platform_id
    assert (slashed.content, slashed.author.name) == (clean.content, clean.author.name)


@pytest.mark.parametrize(
    ("slashed", "clean"),
    [
        (r"it\'s", "it's"),
        (r"C:\\dir", r"C:\dir"),
        (r"a \"b\" c", 'a "b" c'),
        (r"\\server\share", r"\\server\share"),  # no backslash of PHP's: it is as it was written
        (r"it's \"x\"", r"it's \"x\""),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_only_what_is_slashed_throughout_is_unslashed(slashed: str, clean: str) -> None:
    assert akismet.unslashed(slashed) == clean


@pytest.mark.parametrize(
    "stored",
    [
        {"comment_author": "Jane O&#039;Neil"},
        {"comment_content": "I don&#8217;t think it is &quot;tea&quot;.".replace("&#8217;", "'")},
        {"comment_content": '<p>I don\'t think it is\n"tea".</p>'},
        {"permalink": "https://www.blog.example/2026/03/tea"},
        {"comment_type": ""},
        {"comment_date_gmt": "2026-03-04 11:00:00", "comment_ID": "18", "is_test": "0"},
    ],
)
def test_what_a_blog_stored_is_the_comment_it_asked_about(stored: dict[str, str]) -> None:
    assert said(**stored).platform_id == said().platform_id


@pytest.mark.parametrize(
    "other",
    [
        {"comment_author": "Joan"},
        {"comment_content": "I think it is tea."},
        {"permalink": f"{BLOG}/2026/03/coffee/"},
    ],
)
def test_other_words_another_author_or_post_are_another_comment(other: dict[str, str]) -> None:
    assert said(**other).platform_id != said().platform_id


def test_a_link_that_a_blog_marked_as_not_followed_is_the_same_link() -> None:
    one = said(comment_content='See <a href="http://a.example/">this</a>')
    marked = said(comment_content='See <a href="http://a.example/" rel="nofollow ugc">this</a>')
    other = said(comment_content='See <a href="http://b.example/">this</a>')
    assert one.platform_id == marked.platform_id != other.platform_id


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-04T11:58:00Z",
        "2026-03-04T11:58:00+00:00",
        "2026-03-04T12:58:00+01:00",
        "2026-03-04 11:58:00",
        "1772625480",
        "1772625480000",
        "Wed, 04 Mar 2026 11:58:00 GMT",
        "2026-03-04T11:58:00.000Z",
    ],
)
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert said(comment_date_gmt=written).created_at == datetime(2026, 3, 4, 11, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "0", "0000-00-00 00:00:00", "9" * 40, "2026-13-45", "2099-01-01"]
)
def test_a_date_that_is_none_is_the_time_of_asking(written: str) -> None:
    assert abs(said(comment_date_gmt=written).created_at - NOON) < timedelta(seconds=1)


@pytest.mark.parametrize("word", ["1", "true", "yes", "True", "YES"])
def test_a_test_says_so(word: str) -> None:
    assert akismet.is_test(form(is_test=word))


@pytest.mark.parametrize("word", ["", "0", "False", "false", "no", "undefined", "2", "on"])
def test_everything_else_is_no_test(word: str) -> None:
    assert not akismet.is_test(form(is_test=word))


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"comment_author": "viagra-test-123"}, True),
        ({"comment_author": "akismet-guaranteed-spam"}, True),
        ({"comment_author_email": "Akismet-Guaranteed-Spam@example.com"}, True),
        ({"user_role": "administrator"}, False),
        ({"user_role": "editor,Administrator"}, False),
        ({"user_role": "administrator", "comment_author": "viagra-test-123"}, False),
        ({"user_role": "subscriber"}, None),
        ({}, None),
    ],
)
def test_the_protocol_answers_some_itself(changes: dict[str, str], *, answer: bool | None) -> None:
    assert akismet.known_answer(form(**changes)) is answer


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"honeypot_field_name": "website2", "website2": "x"}, "website2", "x"),
        ({"hidden_honeypot_field": "bot"}, "hidden_honeypot_field", "bot"),
        ({"POST_ak_hp_textarea": "bot"}, "POST_ak_hp_textarea", "bot"),
        ({"honeypot_field_name": "website2", "website2": ""}, "website2", ""),
        ({"honeypot_field_name": "absent"}, "absent", ""),
    ],
)
def test_a_trap_is_known_by_any_of_its_names(fields: dict[str, str], name: str, value: str) -> None:
    request = said(**fields).request
    assert (request.honeypot_name, request.honeypot_value) == (name, value)


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("undefined/post/1", f"{BLOG}/post/1"),  # Waline without SITE_URL
        ("/post/1", f"{BLOG}/post/1"),
        ("", BLOG),
        ("javascript:alert(1)", BLOG),
        ("https://elsewhere.example/1", "https://elsewhere.example/1"),
    ],
)
def test_a_post_has_an_address_if_there_is_one(permalink: str, url: str) -> None:
    assert said(permalink=permalink).post.url.rstrip("/") == url


@pytest.mark.parametrize("agent", ["Node.js Akismet/2.0.7", "akismet-api", "WordPress | Akismet/5"])
def test_the_name_of_a_client_is_not_the_visitors(agent: str) -> None:
    assert said(user_agent=agent).author.user_agent == ""


def test_a_pingback_brings_its_source() -> None:
    it = said(
        comment_type="pingback",
        comment_author="A neighbour",
        comment_author_url="http://linker.example/1",
        comment_content="[&#8230;] a piece on tea [&#8230;]",
        remote_source="cut",
        remote_source_original="<p>whole</p>",
    )
    assert it.linkback is not None
    assert (it.linkback.source, it.linkback.target, it.linkback.source_html) == (
        "http://linker.example/1",
        f"{BLOG}/2026/03/tea/",
        "<p>whole</p>",
    )


@pytest.mark.parametrize("kind", ["comment", "forum-post", "tweet", "", "made-up"])
def test_a_page_is_taken_only_with_a_linkback(kind: str) -> None:
    it = said(comment_type=kind, remote_source="<p>whole</p>")
    assert (it.kind, it.linkback) == (Kind.COMMENT, None)
    assert "whole" not in dump(it)


def test_only_named_fields_are_kept() -> None:
    it = said(
        api_key="0123456789ab",
        key="0123456789ab",
        HTTP_COOKIE="session=secret-a",
        POST_password="secret-b",
        REMOTE_ADDR="secret-c",
        made_up="secret-d",
        comment_ID="18",
    )
    kept = dump(it)
    assert "secret" not in kept
    assert "0123456789ab" not in kept
    assert it.ext["comment_ID"] == "18"


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        (f"{BLOG}/wp-json/akismet/v1/webhook", True),
        ("http://169.254.169.254/latest/meta-data/", False),
        ("http://blog.example.evil.example/", False),
        ("http://blog.example@evil.example/", False),
        ("file:///etc/passwd", False),
        ("gopher://blog.example/", False),
        ("", False),
    ],
)
def test_only_the_blog_itself_is_called_back(address: str, *, taken: bool) -> None:
    found = akismet.callback_of(form(callback=address), frozenset({"blog.example"}))
    assert found == (address if taken else "")


@pytest.mark.parametrize(
    ("fields", "host", "key"),
    [
        ({"api_key": "AbCdEf123456"}, "a.example", "abcdef123456"),
        ({"key": "abcdef123456"}, "a.example", "abcdef123456"),
        ({}, "abcdef123456.rest.example:8000", "abcdef123456"),
        ({"api_key": "111111111111"}, "abcdef123456.rest.example", "111111111111"),
        ({}, "localhost:8000", ""),
    ],
)
def test_a_key_is_found_wherever_clients_put_it(
    fields: dict[str, str], host: str, key: str
) -> None:
    assert akismet.key_of(Form(tuple(fields.items())), host) == key


def test_odd_values_cost_the_field_and_not_the_comment() -> None:
    it = said(
        user_ip="not an address",
        comment_author_email="a\nb@c",
        comment_author_url="http://x.example/" + "a" * 5_000,
    )
    assert (it.author.ip, it.author.email, it.author.url) == ("", "", "")
