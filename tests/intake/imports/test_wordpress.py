"""What WordPress writes into an export, and what plugins and visitors left in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator.domain.decisions.exported import SubmissionRecord
from moderator.domain.errors import MalformedError
from moderator.domain.submission import Kind
from moderator.intake.imports.comment import ExportedComment, ImportedSite, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.wordpress import read
from tests.builders import NOON
from tests.intake.imports.reading import comments, found

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<item><title>The &amp; river</title><link>https://blog.example.org/7/</link>
<wp:post_id>7</wp:post_id><wp:post_date_gmt>2026-01-02 03:04:05</wp:post_date_gmt>
<category domain="category" nicename="a">Water</category>
<category domain="post_tag" nicename="b"><![CDATA[Tea & cake]]></category>
"""
TAIL = "</item></channel></rss>"


def comment(number: int = 17, /, **changes: str) -> str:
    said = {
        "author": "<![CDATA[Alice]]>",
        "author_email": "<![CDATA[alice@example.org]]>",
        "author_url": "https://alice.example.org/",
        "author_IP": "192.0.2.10",
        "date": "2026-03-04 13:00:00",
        "date_gmt": "2026-03-04 12:00:00",
        "content": "<![CDATA[It was <em>finished</em> in 1911.]]>",
        "approved": "1",
        "type": "comment",
        "parent": "0",
        "user_id": "0",
    } | changes
    meta = said.pop("meta", "")
    fields = "".join(
        f"<wp:comment_{name}>{text}</wp:comment_{name}>" for name, text in said.items()
    )
    return f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{fields}{meta}</wp:comment>"


def meta(key: str, value: str) -> str:
    return (
        f"<wp:commentmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:commentmeta>"
    )


def one(folder: Path, **changes: str) -> ExportedComment:
    (each,) = comments(folder, "wordpress", HEAD + comment(**changes) + TAIL).values()
    return each


def record(folder: Path, **changes: str) -> SubmissionRecord:
    made = ImportedSite("blog", NOON.replace(year=2027), "WordPress").record(one(folder, **changes))
    assert isinstance(made, SubmissionRecord)
    return made


def test_a_comment_is_read_as_the_plugin_would_send_it(tmp_path: Path) -> None:
    it = record(tmp_path, parent="12", user_id="3").submission
    assert (it.platform_id, it.kind, it.parent_id) == ("17", Kind.REPLY, "12")
    assert it.content == "It was <em>finished</em> in 1911."
    assert it.text == "It was finished in 1911."
    assert it.created_at == it.received_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    assert (it.author.name, it.author.email) == ("Alice", "alice@example.org")
    assert (it.author.url, it.author.ip) == ("https://alice.example.org/", "192.0.2.10")
    assert (it.author.id, it.author.is_authenticated) == ("3", True)
    assert (it.post.id, it.post.url, it.post.title) == (
        "7", "https://blog.example.org/7/", "The & river",
    )  # fmt: skip
    assert it.post.tags == ("Tea & cake",)
    assert it.post.published == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert it.lang == "en-GB"


@pytest.mark.parametrize(
    ("native", "status", "decided_by"),
    [
        ("1", "approved", "blog"),
        ("0", "hold", "rule"),  # nobody decided yet
        ("spam", "spam", "blog"),  # other programs write such files, too
        ("trash", "trash", "blog"),
        ("post-trashed", "trash", "rule"),  # its post was thrown away
    ],
)
def test_what_stands_at_the_blog_stands_here(
    tmp_path: Path, native: str, status: str, decided_by: str
) -> None:
    state = record(tmp_path, approved=native).state
    assert (state.status, state.decided_by, state.sequence) == (status, decided_by, 1)
    assert (state.heard_status, state.heard_sequence) == (status, 1)  # the blog knows


@pytest.mark.parametrize("kind", ["note", "order_note"])
def test_a_note_of_a_program_is_no_comment(tmp_path: Path, kind: str) -> None:
    every = found(tmp_path, "wordpress", HEAD + comment(type=kind) + TAIL)
    assert every == [PassedOver("a note of a program, no comment")]


@pytest.mark.parametrize("kind", ["", "comment", "review"])
def test_an_empty_type_is_that_of_an_old_comment(tmp_path: Path, kind: str) -> None:
    assert record(tmp_path, type=kind).submission.kind == Kind.COMMENT


def test_a_date_that_is_not_there_is_that_of_the_blogs_own_zone(tmp_path: Path) -> None:
    it = one(tmp_path, date_gmt="0000-00-00 00:00:00")
    assert it.created == datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


def test_what_has_no_date_at_all_is_as_old_as_what_came_before(tmp_path: Path) -> None:
    none = {"date_gmt": "0000-00-00 00:00:00", "date": "0000-00-00 00:00:00"}
    text = HEAD + comment(16) + comment(**none) + TAIL
    site = ImportedSite("blog", NOON.replace(year=2027), "WordPress")
    made = [site.record(each) for each in comments(tmp_path, "wordpress", text).values()]
    times = {each.submission.created_at for each in made if isinstance(each, SubmissionRecord)}
    assert times == {datetime(2026, 3, 4, 12, 0, tzinfo=UTC)}


def test_the_name_is_unescaped_once_and_the_address_not_at_all(tmp_path: Path) -> None:
    text = HEAD + comment(
        author="<![CDATA[Tea &amp;amp; Co]]>", author_url="https://alice.example.org/?a=1&b=2"
    )
    path = tmp_path / "export.xml"
    path.write_text(text + TAIL)
    file = ExportFile(path)
    (it,) = read(file)
    assert isinstance(it, ExportedComment)
    assert it.author.name == "Tea &amp; Co"
    assert it.author.url == "https://alice.example.org/?a=1&b=2"
    assert dict(file.repairs) == {"bare & written out": 1}


def test_characters_that_xml_has_no_place_for_are_dropped_and_counted(tmp_path: Path) -> None:
    text = HEAD + comment(content="<![CDATA[one\x0c two\x1b]]>", author="Al&#12;ice") + TAIL
    path = tmp_path / "export.xml"
    path.write_text(text)
    file = ExportFile(path)
    (it,) = read(file)
    assert isinstance(it, ExportedComment)
    assert (it.content, it.author.name) == ("one two", "Alice")
    assert dict(file.repairs) == {"characters dropped that XML has no place for": 3}


def test_ampersands_in_cdata_stay_as_they_are_wherever_the_pieces_end(tmp_path: Path) -> None:
    """Pieces of 64 KiB end somewhere in these."""
    texts = [f"{'x' * (65_400 + place)} & <b>&amp;</b> ]] > ]]" for place in range(0, 200, 7)]
    written = "".join(
        comment(number, content=f"<![CDATA[{text}]]>", author_url="http://a.test/?a=1&b=2")
        for number, text in enumerate(texts, start=1)
    )
    every = comments(tmp_path, "wordpress", HEAD + written + TAIL)
    assert [each.content for each in every.values()] == texts
    assert {each.author.url for each in every.values()} == {"http://a.test/?a=1&b=2"}


def test_linkbacks_keep_source_title_and_excerpt(tmp_path: Path) -> None:
    ping = record(tmp_path, type="pingback", author="<![CDATA[A &#8211; page]]>").submission
    assert ping.linkback is not None
    assert (ping.kind, ping.linkback.source) == ("pingback", "https://alice.example.org/")
    assert ping.linkback.target == "https://blog.example.org/7/"
    assert ping.linkback.source_title == "A \u2013 page"
    track = record(
        tmp_path, type="trackback", content="<![CDATA[<strong>Its title</strong>\n\nIts words]]>"
    ).submission
    assert track.linkback is not None
    assert (track.linkback.source_title, track.linkback.excerpt) == ("Its title", "Its words")


def test_a_like_by_webmention_is_one_and_a_linkback_that_we_had_first_keeps_its_id(
    tmp_path: Path,
) -> None:
    said = (
        meta("protocol", "webmention")
        + meta("webmention_source_url", "https://far.example.org/like")
        + meta("_moderator_bridge_door", "abc123")
        + meta("akismet_as_submitted", "a:9:{...}")
    )
    it = record(tmp_path, type="like", meta=said).submission
    assert (it.kind, it.platform_id) == ("webmention", "abc123")
    assert it.linkback is not None
    assert it.linkback.source == "https://far.example.org/like"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"content": "<![CDATA[ \n ]]>"}, "without a text"),
        ({"content": "x" * 65_536}, "longer than 65,535 characters"),
        ({"approved": "maybe"}, "of a status that is not known"),
    ],
)
def test_what_cannot_be_imported_says_why(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    site = ImportedSite("blog", NOON, "WordPress")
    assert site.record(one(tmp_path, **changes)) == PassedOver(reason)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("Dear reader, this is a letter.", "not XML"),
        ("<feed><entry/></feed>", "no export of WordPress"),
        ("<rss><channel><item/></channel></rss>", "no export of WordPress"),
        (HEAD + comment(), "ends before it is complete"),
        (HEAD + comment()[:-30], "ends before it is complete"),
        (HEAD.replace("?>", '?><!DOCTYPE rss [<!ENTITY a "b">]>') + TAIL, "document type"),
        (HEAD + "<a>" * 80 + TAIL, "elements in each other"),
        ((HEAD + comment(author="J\u00fcrgen") + TAIL).encode("latin-1"), "not in UTF-8"),
        (HEAD.replace("UTF-8", "KLINGON-8") + TAIL, "not known"),
        (HEAD + f'<a b="{"x" * 5_000_000}"/>' + TAIL, "a tag is longer"),
        (b"\x1f\x8b\x08\x00" + b"no gzip at all" * 9, "packed file is damaged"),
        (b"SQLite format 3\0" + b"\0" * 100, "SQLite"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(MalformedError, match=words):
        found(tmp_path, "wordpress", content)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_the_encoding_is_what_the_file_says(tmp_path: Path, encoding: str) -> None:
    said = (
        HEAD.replace("UTF-8", encoding.removesuffix("-sig")) + comment(author="J\u00fcrgen") + TAIL
    )
    (it,) = comments(tmp_path, "wordpress", said.encode(encoding)).values()
    assert it.author.name == "J\u00fcrgen"
