"""WordPress' own export (WXR 1.2): comments and linkbacks of every post, by their numbers.

The plugin sends the same numbers, so what it says later of a comment is about the imported one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

from moderator.domain.errors import MalformedError
from moderator.domain.submission import Author, Format, Post
from moderator.domain.text.markup import plain
from moderator.domain.timing.dates import read_date
from moderator.intake.imports.comment import LINKBACKS, ExportedComment, PassedOver
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.xml_stream import End, Start, elements

NAME = "wordpress"
TITLE = "WordPress"
CANNOT_SAY: tuple[str, ...] = (
    "WordPress exports no comment that is spam, and no roles.",
    "What it threw away is no verdict: it teaches nothing.",
)

ITEM, COMMENT, META, CATEGORY = "item", "wp:comment", "wp:commentmeta", "category"
STATUSES = {
    "1": "approved", "approve": "approved", "0": "hold", "hold": "hold", "spam": "spam",
    "trash": "trash", "post-trashed": "trash",
}  # fmt: skip
OF_PROGRAMS = frozenset({"note", "order_note", "action_log", "webhook_delivery"})
DOOR_ID = "_moderator_bridge_door"  # our own plugin's name for a linkback that we had first
KEPT_META = frozenset({DOOR_ID, "protocol", "webmention_source_url"})
STRONG, STRONG_END = "<strong>", "</strong>"


@dataclass(slots=True)
class _Place:
    """What was read of the export, the post and the comment that are being read."""

    is_export: bool = False
    lang: str = ""
    within: list[str] = field(default_factory=list)
    tag: str = ""  # domain of a category
    post: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    comment: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    key: str = ""


def read(file: ExportFile) -> Iterator[ExportedComment | PassedOver]:
    """Raises MalformedError for what is no such export."""
    place = _Place()
    for each in elements(file):
        if isinstance(each, Start):
            _begin(place, each)
            continue
        place.within.pop()
        if each.tag == COMMENT:
            yield _comment(place)
        elif each.tag == "rss" and not place.is_export:
            raise _no_export()
        else:
            _note(place, each)


def _no_export() -> MalformedError:
    return MalformedError("This is no export of WordPress: it has no wp:wxr_version")


def _begin(place: _Place, start: Start) -> None:
    if not place.within and start.tag != "rss":
        raise _no_export()
    place.within.append(start.tag)
    if start.tag == ITEM:
        if not place.is_export:
            raise _no_export()
        place.post, place.tags = {}, []
    elif start.tag == COMMENT:
        place.comment, place.meta = {}, {}
    elif start.tag == CATEGORY:
        place.tag = start.attributes.get("domain", "")


def _note(place: _Place, end: End) -> None:
    parent = place.within[-1] if place.within else ""
    if end.tag == "wp:wxr_version":
        place.is_export = True
    elif end.tag == "language":
        place.lang = end.text.strip()
    elif parent == COMMENT:
        place.comment[end.tag.removeprefix("wp:comment_")] = end.text
    elif parent == META:
        _note_meta(place, end)
    elif parent == ITEM and end.tag == CATEGORY:
        if place.tag == "post_tag":
            place.tags.append(plain(end.text, Format.HTML))
    elif parent == ITEM and not end.tag.startswith(("content:", "excerpt:")):
        place.post[end.tag] = end.text.strip()


def _note_meta(place: _Place, end: End) -> None:
    if end.tag == "wp:meta_key":
        place.key = end.text.strip()
    elif place.key in KEPT_META:
        place.meta[place.key] = end.text.strip()


def _comment(place: _Place) -> ExportedComment | PassedOver:
    said, meta = place.comment, place.meta
    kind = said.get("type", "").strip()
    if kind in OF_PROGRAMS:
        return PassedOver("a note of a program, no comment")
    native = said.get("approved", "").strip()
    protocol = next((word for word in (kind, meta.get("protocol", "")) if word in LINKBACKS), "")
    parent = said.get("parent", "").strip()
    content, title = said.get("content", ""), _plain(said.get("author", ""))
    author = _author(said, title)
    excerpt = ""
    if protocol:
        title, excerpt = _linkback(protocol, title, content)
    return ExportedComment(
        id=meta.get(DOOR_ID) or said.get("id", "").strip(),
        status=STATUSES.get(native, ""),
        content=content,
        format=Format.HTML,
        created=_date(said),
        is_decided=native not in {"0", "hold", "post-trashed"},
        parent="" if parent == "0" else parent,
        author=author,
        post=_post(place),
        linkback=protocol,
        source=meta.get("webmention_source_url") or author.url,
        title=title,
        excerpt=excerpt,
        native=native,
        lang=place.lang,
    )


def _linkback(protocol: str, title: str, content: str) -> tuple[str, str]:
    """Title and excerpt: a trackback is stored with its title in front, in bold."""
    if protocol == "trackback" and content.startswith(STRONG) and STRONG_END in content:
        bold, _, content = content.removeprefix(STRONG).partition(STRONG_END)
        title, content = _plain(bold), content.lstrip()
    return title, _plain(content)


def _author(said: dict[str, str], name: str) -> Author:
    account = said.get("user_id", "").strip().lstrip("0")
    return Author(
        id=account,
        name=name,
        email=said.get("author_email", "").strip(),
        url=said.get("author_url", "").strip(),
        ip=said.get("author_IP", "").strip(),
        user_agent=said.get("agent", ""),
        is_authenticated=bool(account),
    )


def _post(place: _Place) -> Post:
    said = place.post
    return Post(
        id=said.get("wp:post_id", ""),
        url=said.get("link", ""),
        title=_plain(said.get("title", "")),
        tags=tuple(place.tags),
        published=_time(said.get("wp:post_date_gmt", "")),
    )


def _date(said: dict[str, str]) -> datetime | None:
    """In GMT; what plugins insert has at times only the date of the blog's own zone."""
    return _time(said.get("date_gmt", "")) or _time(said.get("date", ""))


def _time(text: str) -> datetime | None:
    return None if text.startswith("0000") else read_date(text.strip())


def _plain(html: str) -> str:
    return plain(html, Format.HTML) if "<" in html else unescape(html).strip()
