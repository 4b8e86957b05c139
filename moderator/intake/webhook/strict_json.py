"""Reads JSON that strangers send; two parsers must never see two different things in it.

msgspec refuses by itself: bytes that are no UTF-8, a byte order mark, NaN and Infinity, floats out
of range, lone surrogates, raw control characters, text after the value, nesting past the
interpreter's limit. Here the rest: depth, duplicate keys, integers over 64 bits, and NUL, which
PostgreSQL cannot store.
"""

import json
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from moderator.domain.errors import MalformedError

MAX_DEPTH = 32
Seen = TypeVar("Seen")

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_packer = msgspec.msgpack.Encoder()


def parse(body: bytes) -> object:
    """Return the value. Raises MalformedError for anything but strict JSON."""
    value = _decode(body, _decoder)
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _check_depth(value)
    _check_numbers(value)
    # Equal bytes mean that nothing was lost, so no key was there twice: most senders write compact
    # JSON and are done here; for all others a second parser counts the keys.
    if _encoder.encode(value) != body:
        _check_keys(body)
    if b"\\u0000" in body:
        _check_text(value)
    return value


def glance(body: bytes, decoder: msgspec.json.Decoder[Seen]) -> Seen | None:
    """Return what `decoder` looks for, None if the value has another shape.

    Far cheaper than `parse`, and nothing else is looked at. Raises MalformedError for no JSON.
    """
    try:
        return _decode(body, decoder)
    except ShapeError:
        return None


class ShapeError(MalformedError):
    """JSON of another shape."""


def _decode(body: bytes, decoder: msgspec.json.Decoder[Seen]) -> Seen:
    try:
        return decoder.decode(body)
    except UnicodeDecodeError as error:
        raise MalformedError("The body is not UTF-8") from error
    except RecursionError as error:
        raise MalformedError(f"Nested deeper than {MAX_DEPTH} levels") from error
    except msgspec.ValidationError as error:
        raise ShapeError("The body has another shape") from error
    except msgspec.DecodeError as error:
        raise MalformedError(f"The body is not JSON: {error}") from error


def _check_numbers(value: object) -> None:
    try:
        _packer.encode(value)  # MessagePack has no larger integers; this is the quickest walk
    except OverflowError as error:
        raise MalformedError("A number does not fit in 64 bits") from error


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise MalformedError(f"Nested deeper than {MAX_DEPTH} levels")


def _children(value: object) -> Iterator[object]:
    """Yield the containers in a container."""
    match value:
        case dict():
            yield from (child for child in value.values() if isinstance(child, dict | list))
        case list():
            yield from (child for child in value if isinstance(child, dict | list))
        case _:
            return


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("An object has the same key twice")
    return found


_counting = json.JSONDecoder(object_pairs_hook=_unique)


def _check_keys(body: bytes) -> None:
    _counting.decode(body.decode())


def _check_text(value: object) -> None:
    """Refuse NUL in any key or string (an escaped backslash before `u0000` is no NUL)."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and "\0" in item:
            raise MalformedError("Text may not hold the character NUL")
        if isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
