"""Our own webhook: bytes in, Arrival out. Field names are those of docs/api.md.

In this order: strict JSON; unknown fields to `ext`; the shape; the site; what this kind of event
must have; each value. The digest covers the kind of event and the data, so a second sending with a
new timestamp is a repeat and no contradiction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from moderator.domain.arrival import Arrival, Event
from moderator.domain.errors import (
    FieldError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    RequestError,
    TooLargeError,
)
from moderator.domain.submission import Author, Format, Kind, Linkback, Post, Request, Submission
from moderator.domain.verdict import VERDICT_OF_STATUS
from moderator.intake import extras, fields, schema, strict_json

BODY_LIMIT = 256 * 1024
BULK_LIMIT = 4 * 1024 * 1024
BULK_EVENTS = 100
CONTENT_LIMIT = 65_535
TITLE_LIMIT = 1_024

# These name a comment that we know; all they need is its id.
ABOUT_KNOWN = frozenset({Event.DELETED, Event.STATUS_CHANGED, Event.REPORTED})

NO_HONEYPOT = schema.Honeypot()

Keys = tuple[str, str]  # what marks a repeat of a request, see Arrival
NO_KEYS: Keys = ("", "")

_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Door:
    """Whose request it is and when it came."""

    site_id: str
    received_at: datetime
    new_id: Callable[[], str]


def parse(body: bytes, door: Door, *, keys: Keys = NO_KEYS) -> Arrival:
    """Return the one event in `body`. Raises a RequestError."""
    if len(body) > BODY_LIMIT:
        raise TooLargeError(f"The body is larger than {BODY_LIMIT} bytes")
    return arrival(strict_json.parse(body), door, keys=keys)


def parse_bulk(body: bytes, door: Door, *, keys: Keys = NO_KEYS) -> list[Arrival | RequestError]:
    """Return each event of `{"events": [...]}`, or why it is refused. Raises a RequestError."""
    if len(body) > BULK_LIMIT:
        raise TooLargeError(f"The body is larger than {BULK_LIMIT} bytes")
    value = strict_json.parse(body)
    events = value.get("events") if isinstance(value, dict) else None
    if not isinstance(events, list) or not events:
        wrong = FieldError("/events", "A list of events is required")
        raise InvalidError("The body holds no events", (wrong,))
    if len(events) > BULK_EVENTS:
        raise TooLargeError(f"More than {BULK_EVENTS} events")
    return [
        _each(event, door, (_nth(keys[0], index), _nth(keys[1], index)))
        for index, event in enumerate(events)
    ]


def _nth(key: str, index: int) -> str:
    return f"{key}/{index}" if key else ""


def _each(event: object, door: Door, keys: Keys) -> Arrival | RequestError:
    try:
        return arrival(event, door, keys=keys)
    except RequestError as error:
        return error


def named_site(body: bytes) -> str:
    """Return the site that the body names, '' if none. Nothing else of it may be believed yet."""
    value = strict_json.parse(body)
    for step in ("data", "site", "id"):
        value = value.get(step) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) else ""


def arrival(value: object, door: Door, *, keys: Keys = NO_KEYS) -> Arrival:
    """Return the event that a parsed JSON value holds. Raises a RequestError."""
    if not isinstance(value, dict):
        raise MalformedError("The body is not a JSON object")
    data = value.get("data")
    if isinstance(data, dict):
        extras.collect(data)
    event = schema.convert(value)
    if str(event.data.site.id) != door.site_id:
        raise ForbiddenError("site.id is not the site of this credential")
    _require(event)
    canonical = _encoder.encode(data)
    # Of a new comment the digest is that of the data alone, as it always was.
    kind = b"" if event.type is Event.CREATED else event.type.encode()
    return Arrival(
        event=event.type,
        submission=_Reading(event.data, door).submission(),
        digest=blake2b(canonical, digest_size=16, key=kind).hexdigest(),
        key=keys[0],
        second_key=keys[1],
        timestamp=_moment(event.timestamp),
        has_content=not _missing_content(event),
    )


def _require(event: schema.Envelope) -> None:
    """Refuse what lacks a field that its event needs; names all of them at once."""
    comment, missing = event.data.comment, []
    if event.type is Event.STATUS_CHANGED and comment.status is None:
        missing.append("/data/comment/status")
    if event.type not in ABOUT_KNOWN:
        missing += _missing_content(event)
    if missing:
        wrong = tuple(FieldError(pointer, "This field is required") for pointer in missing)
        raise InvalidError("Fields are missing", wrong)


def _moment(timestamp: datetime) -> datetime:
    try:
        return timestamp.astimezone(UTC)
    except OverflowError as error:
        wrong = FieldError("/timestamp", "Out of range")
        raise InvalidError("Some fields are not valid", (wrong,)) from error


def _missing_content(event: schema.Envelope) -> list[str]:
    """What an event lacks to be judged as a new comment."""
    comment = event.data.comment
    return [
        pointer
        for pointer, value in (
            ("/data/comment/type", comment.type),
            ("/data/comment/content", comment.content),
            ("/data/post/url", event.data.post.url),
        )
        if value is None
    ]


class _Reading:
    """One event on its way to a Submission; collects every wrong field before it refuses."""

    def __init__(self, data: schema.Body, door: Door) -> None:
        self._data = data
        self._door = door
        self._wrong: list[FieldError] = []

    def submission(self) -> Submission:
        data, comment = self._data, self._data.comment
        kind = comment.type or Kind.COMMENT
        linkback = self._linkback(kind)
        content = self._content(kind, linkback)
        form = comment.content.format if comment.content else Format.TEXT
        if comment.content and comment.content.raw is None:
            form = Format.HTML
        ext = data.ext or {}
        if ext and extras.size(ext) > extras.LIMIT:
            self._refuse("/data/ext", f"Larger than {extras.LIMIT} bytes")
        read = Submission(
            id=self._door.new_id(),
            site_id=self._door.site_id,
            platform_id=self._id("/data/comment/id", comment.id),
            kind=kind,
            content=content,
            format=form,
            text=fields.plain(content, form),
            created_at=self._time("/data/comment/published", comment.published)
            or self._door.received_at,
            received_at=self._door.received_at,
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
            protocol=sent.protocol or kind.value,
            source=self._value("/data/linkback/source", source, fields.address_of_web),
            target=self._value("/data/linkback/target", target, fields.page_of_site),
            source_title=fields.one_line(sent.source_title, TITLE_LIMIT),
            excerpt=(sent.excerpt or "")[:CONTENT_LIMIT],
            source_html=sent.source_html,
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
