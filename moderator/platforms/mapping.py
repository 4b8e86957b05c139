"""What a platform's own message says of a comment, as an event of ours and back: a table each.

A field is named by where it stands in the platform's message and where in our data (docs/api.md);
what we have no field for stands in `ext`, under the platform's own name. Nothing that is named in
a table is lost on the way there and back; what is not named is not kept.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast, runtime_checkable

import msgspec

from moderator.domain.content.fingerprint import digest
from moderator.domain.decisions.callback import Platform, rfc3339
from moderator.domain.errors import FieldError, InvalidError, MalformedError
from moderator.domain.events.arrival import Event
from moderator.domain.site import Site
from moderator.domain.timing.dates import read_date
from moderator.domain.verdict import Verdict

Json = dict[str, object]
Words = Mapping[str, str]

EXT_LIMIT = 7_000  # bytes of JSON that are kept of fields that are not ours
TYPES = {str: "a string", int: "a number", float: "a number", bool: "true or false", list: "a list"}
PREFIX = "/data"

_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Field:
    """`native` and `ours` are paths ("comment.body"); `types` what the JSON value may be.

    `words` are the platform's words and ours for them; any other stays as it is. One that is
    `nullable` is said to be null where it is absent.
    """

    native: str
    ours: str
    types: tuple[type, ...] = (str,)
    words: Words | None = None
    is_required: bool = False
    nullable: bool = False

    @property
    def pointer(self) -> str:
        return "/" + self.native.replace(".", "/")


class Inbound(Platform, Protocol):
    """A platform that tells us of comments in its own words.

    `forwards` says that the blog itself has no comment of what is told.
    """

    @property
    def FIELDS(self) -> Sequence[Field]: ...  # noqa: N802 (it never changes)

    @property
    def forwards(self) -> bool: ...

    def event(self, message: Json, data: Json, site: Site) -> Event:
        """Say which event it is, and add to `data` what follows from the rest.

        Raises InvalidError.
        """
        ...

    def unpacked(self, message: Json) -> Json:
        """The message in the shape that `FIELDS` speaks of. Raises InvalidError."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A platform that waits for the verdict, `wait_ms` unless it says otherwise."""

    @property
    def wait_ms(self) -> int: ...

    def is_empty(self, message: Json) -> bool:
        """Whether there is nothing to judge in a message."""
        ...

    def answer(self, verdict: Verdict | None) -> Json:
        """What it is told, None where there is no verdict in time."""
        ...


def to_event(platform: Inbound, message: object, site: Site, now: datetime) -> Json:
    """The event of ours that a message says. Raises MalformedError, InvalidError."""
    if isinstance(message, list) and len(message) == 1:  # a serializer's
        message = message[0]
    if not isinstance(message, dict):
        raise MalformedError("The body is not a JSON object")
    native = platform.unpacked(message)
    data: Json = {}
    wrong = [error for field in platform.FIELDS if (error := _take(field, native, data))]
    if wrong:
        raise InvalidError(f"This is no message of {platform.name}", tuple(wrong))
    data["site"] = {"id": site.id, "platform": platform.name}
    kind = platform.event(native, data, site)
    _shorten(part(data, "ext"))
    return {"type": kind.value, "timestamp": rfc3339(now), "data": data}


def native_pointers(platform: Inbound, error: InvalidError) -> InvalidError:
    """The same error, with the platform's own names for the fields."""
    places = {f"{PREFIX}/{field.ours.replace('.', '/')}": field for field in platform.FIELDS}
    return InvalidError(
        str(error),
        tuple(
            FieldError(places[each.pointer].pointer, each.detail)
            if each.pointer in places
            else each
            for each in error.fields
        ),
    )


def at(tree: Json, path: str) -> object:
    """What stands at a path, None for nothing."""
    found: object = tree
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def put(tree: Json, path: str, value: object) -> None:
    *above, name = path.split(".")
    for each in above:
        tree = part(tree, each)
    tree[name] = value


def part(tree: Json, name: str) -> Json:
    """The object that stands there, an empty one put there if there is none."""
    return cast("Json", tree.setdefault(name, {}))


def text_at(tree: Json, path: str) -> str:
    """The string that stands there, '' for anything else."""
    found = at(tree, path)
    return found if isinstance(found, str) else ""


def time_of(value: object) -> str | None:
    """RFC 3339 of a time as platforms write it; without an offset it is UTC. None for none."""
    time = read_date(value)
    return None if time is None else rfc3339(time)


def id_of(name: str, *parts: object) -> str:
    """An id for what has none of its own: made of what is said."""
    return f"{name}:{digest(_encoder.encode(parts).decode())}"


def one_of(value: object, pointer: str, known: Sequence[str]) -> str:
    """A word that must be one of these. Raises InvalidError, which never says what was sent."""
    if isinstance(value, str) and value in known:
        return value
    wrong = FieldError(pointer, f"Not one of: {', '.join(known)}")
    raise InvalidError("This is no message that we know", (wrong,))


def as_it_is(message: Json) -> Json:
    return message


def _take(field: Field, message: Json, data: Json) -> FieldError | None:
    value = at(message, field.native)
    if value is None:
        required = FieldError(field.pointer, "This field is required")
        return required if field.is_required else None
    is_number = isinstance(value, float) and math.isfinite(value)
    if isinstance(value, float) and not is_number:
        return FieldError(field.pointer, "Not a number")
    if type(value) not in field.types:
        wanted = " or ".join(dict.fromkeys(TYPES[kind] for kind in field.types))
        return FieldError(field.pointer, f"Not {wanted}")
    if field.words and isinstance(value, str):
        value = field.words.get(value, value)
    put(data, field.ours, value)
    return None


def _shorten(ext: Json) -> None:
    """Let the longest go until the rest has room: a comment is judged without them."""
    while (size := len(_encoder.encode(ext))) > EXT_LIMIT:
        parts = [(holder, name) for holder in _objects(ext) for name in holder]
        holder, name = max(parts, key=lambda part: len(_encoder.encode(part[0][part[1]])))
        del holder[name]
        if len(_encoder.encode(ext)) >= size:  # pragma: no cover (what is deleted had a length)
            break


def _objects(ext: Json) -> list[Json]:
    return [value for value in ext.values() if isinstance(value, dict)]
