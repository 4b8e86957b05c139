"""Our own webhook: bytes in, Arrival out. Field names are those of docs/api.md.

In this order: strict JSON; unknown fields to `ext`; the shape; the site; what this kind of event
must have; each value. The digest covers the kind of event and the data, so a second sending with a
new timestamp is a repeat and no contradiction.
"""

from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from moderator.domain.errors import (
    FieldError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    RequestError,
    TooLargeError,
)
from moderator.domain.events.arrival import Arrival, Event
from moderator.intake.webhook import extras, schema, strict_json
from moderator.intake.webhook.reader import CONTENT_LIMIT, EventOrigin, EventReader

__all__ = ["CONTENT_LIMIT", "EventOrigin"]

BODY_LIMIT = 1024 * 1024  # a text of CONTENT_LIMIT fits, though JSON may take 12 bytes a character
BULK_LIMIT = 4 * 1024 * 1024
BULK_EVENTS = 100

# These name a comment that we know; all they need is its id.
ABOUT_KNOWN = frozenset({Event.DELETED, Event.STATUS_CHANGED, Event.REPORTED})

Keys = tuple[str, str]  # what marks a repeat of a request, see Arrival
NO_KEYS: Keys = ("", "")

_encoder = msgspec.json.Encoder(order="sorted")


class _Site(msgspec.Struct):
    id: str | int = ""


class _Data(msgspec.Struct):
    site: _Site = msgspec.field(default_factory=_Site)


class _Naming(msgspec.Struct):
    """As much of an event as says whose it is."""

    data: _Data = msgspec.field(default_factory=_Data)


class _Opening(msgspec.Struct):
    """As much of a message as proves whose it is."""

    secret: str = ""


_naming = msgspec.json.Decoder(_Naming)
_opening = msgspec.json.Decoder(_Opening)


def parse(body: bytes, origin: EventOrigin, *, keys: Keys = NO_KEYS) -> Arrival:
    """Return the one event in `body`. Raises a RequestError."""
    if len(body) > BODY_LIMIT:
        raise TooLargeError(f"The body is larger than {BODY_LIMIT} bytes")
    return arrival(strict_json.parse(body), origin, keys=keys)


def parse_bulk(
    body: bytes, origin: EventOrigin, *, keys: Keys = NO_KEYS
) -> list[Arrival | RequestError]:
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
        _each(event, origin, (_nth(keys[0], index), _nth(keys[1], index)))
        for index, event in enumerate(events)
    ]


def _nth(key: str, index: int) -> str:
    return f"{key}/{index}" if key else ""


def _each(event: object, origin: EventOrigin, keys: Keys) -> Arrival | RequestError:
    try:
        return arrival(event, origin, keys=keys)
    except RequestError as error:
        return error


def named_site(body: bytes) -> str:
    """Return the site that the body names, '' if none. Nothing else of it may be believed yet."""
    seen = strict_json.glance(body, _naming)
    return "" if seen is None else str(seen.data.site.id)


def secret_in(body: bytes) -> str:
    """Return the secret that the body brings, '' if none."""
    seen = strict_json.glance(body, _opening)
    return "" if seen is None else seen.secret


def arrival(value: object, origin: EventOrigin, *, keys: Keys = NO_KEYS) -> Arrival:
    """Return the event that a parsed JSON value holds. Raises a RequestError."""
    if not isinstance(value, dict):
        raise MalformedError("The body is not a JSON object")
    data = value.get("data")
    if isinstance(data, dict):
        extras.collect(data)
    event = schema.convert(value)
    if str(event.data.site.id) != origin.site_id:
        raise ForbiddenError("site.id is not the site of this credential")
    _require(event)
    canonical = _encoder.encode(data)
    # Of a new comment the digest is that of the data alone, as it always was.
    kind = b"" if event.type is Event.CREATED else event.type.encode()
    return Arrival(
        event=event.type,
        submission=EventReader(event.data, origin).submission(),
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
