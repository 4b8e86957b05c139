"""The shape of one event on our own webhook, and a JSON pointer for what does not fit it.

Ids may be strings or integers; a scalar that a platform does not have may be null. Everything that
is not named here goes to `ext`.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from moderator.domain.errors import FieldError, InvalidError
from moderator.domain.events.arrival import Event
from moderator.domain.submission import Format
from moderator.intake import kind_named

NAME_LIMIT = 255
LINE_LIMIT = 2_048

Id = str | int
Line = Annotated[str, msgspec.Meta(max_length=LINE_LIMIT)]
Name = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT)]
Time = Annotated[datetime, msgspec.Meta(tz=True)]
Tags = Annotated[list[Name], msgspec.Meta(max_length=200)]


class Site(msgspec.Struct):
    id: Id
    url: Line | None = None
    lang: Name | None = None
    platform: Name | None = None
    platform_version: Name | None = None


class Content(msgspec.Struct):
    raw: str | None = None
    rendered: str | None = None
    format: Format = Format.HTML


class Comment(msgspec.Struct):
    id: Id
    type: str | None = None  # the name of a Kind
    parent_id: Id | None = None
    status: str | None = None
    status_native: Id | None = None
    content: Content | None = None
    link: Line | None = None
    published: Time | None = None
    version: Id | None = None


class Author(msgspec.Struct):
    id: Id | None = None
    name: Line | None = None
    email: Line | None = None
    url: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    role: Name | None = None
    provider: Name | None = None
    is_authenticated: bool | None = None
    trusted: bool | None = None


class Post(msgspec.Struct):
    id: Id | None = None
    url: str | None = None
    title: str | None = None
    tags: Tags | None = None
    published: Time | None = None
    comments_open: bool | None = None


class Linkback(msgspec.Struct):
    protocol: Name | None = None
    type: str | None = None
    source: str | None = None
    target: str | None = None
    source_title: str | None = None
    excerpt: str | None = None
    source_html: str | None = None


class Honeypot(msgspec.Struct):
    name: str | None = None
    value: str | None = None


class Request(msgspec.Struct):
    referrer: str | None = None
    honeypot: Honeypot | None = None
    accept_language: str | None = None


class Body(msgspec.Struct):
    site: Site
    comment: Comment
    author: Author = msgspec.field(default_factory=Author)
    post: Post = msgspec.field(default_factory=Post)
    linkback: Linkback | None = None
    request: Request = msgspec.field(default_factory=Request)
    ref: Annotated[str, msgspec.Meta(max_length=1_024)] | int | None = None
    ext: dict[str, object] | None = None


class Envelope(msgspec.Struct):
    type: Event
    timestamp: Time
    data: Body


# Which names each part of the data may have; the rest goes to ext.
PARTS: dict[str, frozenset[str]] = {
    part: frozenset(struct.__struct_fields__)
    for part, struct in {
        "site": Site,
        "comment": Comment,
        "author": Author,
        "post": Post,
        "linkback": Linkback,
        "request": Request,
    }.items()
}
MISSHAPEN = "The event does not have the right shape"
BODY = frozenset(Body.__struct_fields__)


def convert(value: object) -> Envelope:
    """Return the typed event. Raises InvalidError with a pointer to what is wrong."""
    try:
        event = msgspec.convert(value, Envelope)
        if event.data.comment.type is not None:
            kind_named(event.data.comment.type)
    except msgspec.ValidationError as error:
        raise InvalidError(MISSHAPEN, (field_error(str(error)),)) from error
    except ValueError as error:
        raise InvalidError(MISSHAPEN, (FieldError("/data/comment/type", str(error)),)) from error
    return event


def field_error(message: str) -> FieldError:
    """Turn msgspec's "Expected `str`, got `int` - at `$.data.post.tags[0]`" into a pointer."""
    detail, _, path = message.partition(" - at `$")
    pointer = path.rstrip("`").replace("[", ".").replace("]", "").replace(".", "/")
    if detail.startswith("Object missing required field `"):
        name = detail.removeprefix("Object missing required field `").rstrip("`")
        return FieldError(f"{pointer}/{name}", "This field is required")
    if detail.startswith("Invalid enum value"):
        return FieldError(pointer, f"Not one of: {_choices(pointer)}")  # never echo the value
    return FieldError(pointer, detail)


def _choices(pointer: str) -> str:
    match pointer:
        case "/type":
            return ", ".join(Event)
        case _:
            return ", ".join(Format)
