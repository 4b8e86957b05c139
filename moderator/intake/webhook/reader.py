"""One event of our own webhook, of the right shape, on its way to a Submission: each value read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from moderator.domain.errors import FieldError, InvalidError, TooLargeError
from moderator.domain.submission import Author, Format, Kind, Linkback, Post, Request, Submission
from moderator.domain.text.markup import plain
from moderator.domain.verdict import VERDICT_OF_STATUS
from moderator.intake import fields, kind_named
from moderator.intake.webhook import extras, schema

CONTENT_LIMIT = 65_535
TITLE_LIMIT = 1_024
RELATIONS = frozenset({"mention", "reply", "like", "repost", "bookmark"})
NO_HONEYPOT = schema.Honeypot()


@dataclass(frozen=True, slots=True)
class EventOrigin:
    """Whose request it is and when it came."""

    site_id: str
    received_at: datetime
    new_id: Callable[[], str]


class EventReader:
    """Reads one event; collects every wrong field before it refuses."""

    def __init__(self, data: schema.Body, origin: EventOrigin) -> None:
        self._data = data
        self._origin = origin
        self._wrong: list[FieldError] = []

    def submission(self) -> Submission:
        data, comment = self._data, self._data.comment
        kind = kind_named(comment.type or Kind.COMMENT)
        linkback = self._linkback(kind)
        content = self._content(kind, linkback)
        form = comment.content.format if comment.content else Format.TEXT
        if comment.content and comment.content.raw is None:
            form = Format.HTML
        ext = data.ext or {}
        if ext and extras.size(ext) > extras.LIMIT:
            self._refuse("/data/ext", f"Larger than {extras.LIMIT} bytes")
        read = Submission(
            id=self._origin.new_id(),
            site_id=self._origin.site_id,
            platform_id=self._id("/data/comment/id", comment.id),
            kind=kind,
            content=content,
            format=form,
            text=plain(content, form),
            created_at=self._time("/data/comment/published", comment.published)
            or self._origin.received_at,
            received_at=self._origin.received_at,
            author=self._author(),
            post=self._post(),
            linkback=linkback,
            request=self._request(),
            parent_id=self._id("/data/comment/parent_id", comment.parent_id),
            status=self._status(comment.status),
            status_native=self._id("/data/comment/status_native", comment.status_native),
            link=self._value("/data/comment/link", comment.link, fields.page_of_site),
            version=self._id("/data/comment/version", comment.version),
            lang=data.site.lang or "",
            ref=str(data.ref) if data.ref is not None else "",
            ext=ext,
        )
        if self._wrong:
            raise InvalidError("Some fields are not valid", tuple(self._wrong))
        return read

    def _refuse(self, pointer: str, detail: str) -> None:
        self._wrong.append(FieldError(pointer, detail))

    def _value(self, pointer: str, value: str | None, read: Callable[[str], str]) -> str:
        if not value:
            return ""
        try:
            return read(value)
        except ValueError as error:
            self._refuse(pointer, str(error))
            return ""

    def _id(self, pointer: str, value: str | int | None) -> str:
        text = "" if value is None else str(value)
        if len(text) > schema.NAME_LIMIT:
            self._refuse(pointer, f"Longer than {schema.NAME_LIMIT} characters")
        elif fields.has_controls(text):
            self._refuse(pointer, "Holds control characters")
        elif not text and pointer == "/data/comment/id":
            self._refuse(pointer, "May not be empty")
        return text

    def _time(self, pointer: str, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self._refuse(pointer, "Out of range")
            return None

    def _status(self, status: str | None) -> str:
        if status is not None and status not in VERDICT_OF_STATUS:
            self._refuse("/data/comment/status", f"Not one of: {', '.join(VERDICT_OF_STATUS)}")
        return status or "hold"

    def _content(self, kind: Kind, linkback: Linkback | None) -> str:
        sent = self._data.comment.content
        if sent is None:
            return ""
        content = (sent.rendered or "") if sent.raw is None else sent.raw
        if len(content) > CONTENT_LIMIT or len(sent.rendered or "") > 2 * CONTENT_LIMIT:
            raise TooLargeError(f"The content is longer than {CONTENT_LIMIT} characters")
        if not content.strip() and linkback is not None:
            content = linkback.excerpt
        if not content.strip() and not kind.is_linkback:
            self._refuse("/data/comment/content/raw", "May not be empty")
        return content

    def _author(self) -> Author:
        author = self._data.author
        return Author(
            id=self._id("/data/author/id", author.id),
            name=fields.person_name(author.name, TITLE_LIMIT),
            email=_visitors(author.email, fields.address_of_mail),
            url=_visitors(author.url, fields.address_of_web),
            ip=_visitors(author.ip, fields.address_of_network),
            user_agent=fields.one_line(author.user_agent, TITLE_LIMIT),
            role=author.role or "",
            provider=author.provider or "",
            is_authenticated=author.is_authenticated or False,
            trusted=author.trusted or False,
        )

    def _post(self) -> Post:
        post = self._data.post
        url = self._value("/data/post/url", post.url, fields.page_of_site)
        if post.url == "":
            self._refuse("/data/post/url", "May not be empty")
        return Post(
            id=self._id("/data/post/id", post.id),
            url=url,
            title=fields.person_name(post.title, TITLE_LIMIT),
            tags=tuple(post.tags or ()),
            published=self._time("/data/post/published", post.published),
            comments_open=post.comments_open,
        )

    def _linkback(self, kind: Kind) -> Linkback | None:
        """Read the claim; where a platform gives none, the author's address is the source."""
        sent = self._data.linkback
        if sent is None and not kind.is_linkback:
            return None
        sent = sent or schema.Linkback()
        source, target = sent.source or self._data.author.url, sent.target or self._data.post.url
        if kind.is_linkback and not source and self._data.comment.content is not None:
            self._refuse("/data/linkback/source", "This field is required")
        return Linkback(
            protocol=sent.protocol or str(kind),
            source=self._value("/data/linkback/source", source, fields.address_of_web),
            target=self._value("/data/linkback/target", target, fields.page_of_site),
            source_title=fields.person_name(sent.source_title, TITLE_LIMIT),
            excerpt=(sent.excerpt or "")[:CONTENT_LIMIT],
            source_html=sent.source_html,
            relation=sent.type if sent.type in RELATIONS else "",
        )

    def _request(self) -> Request:
        request = self._data.request
        honeypot = request.honeypot or NO_HONEYPOT
        return Request(
            referrer=fields.one_line(request.referrer, schema.LINE_LIMIT),
            honeypot_name=fields.one_line(honeypot.name, schema.NAME_LIMIT),
            honeypot_value=fields.one_line(honeypot.value, TITLE_LIMIT),
            accept_language=fields.one_line(request.accept_language, schema.NAME_LIMIT),
        )


def _visitors(value: str | None, read: Callable[[str], str]) -> str:
    """What a visitor filled in, or was seen with: an odd value costs the field, not the comment."""
    try:
        return read(value) if value else ""
    except ValueError:
        return ""
