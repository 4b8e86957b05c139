"""Forms that strangers post: fields by name, in the charset that they, or the request, name.

A charset is named as browsers know it (WHATWG Encoding), by the form's own field `charset`
(trackbacks; WordPress reads it too) before the request's. Where nothing is named, or not rightly,
it is UTF-8 if the bytes are, else what they most probably are; a word or two of such letters alone
could be anything, and is not read.
"""

import codecs
import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

import turbohtml.detect  # registers the whatwg-* decoders

from moderator.domain.errors import MalformedError

MAX_FIELDS = 64
FORM = re.compile(r"application/x-www-form-urlencoded[ \t]*(?:;.*)?", re.IGNORECASE)
CHARSET = re.compile(r'charset[ \t]*=[ \t]*"?([A-Za-z0-9_.:-]{1,40})"?', re.IGNORECASE)
LABEL = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
PLAIN = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8"})
NEVER = frozenset({"utf-7", "replacement"})
SHIFTED = b"\x1b$"  # ISO-2022-JP (RFC 1468) begins Japanese with it
SAMPLE = 4_096  # bytes that a guess looks at
ENOUGH = 8  # bytes beyond ASCII for a guess, where hardly anything else is written
HIGHEST_SIGN, HIGHEST_ASCII = ord("@"), 0x7F

Pairs = list[tuple[bytes, bytes]]


def parse_form(body: bytes, content_type: str) -> dict[str, str]:
    """The first value of each field, U+FFFD for what nobody can read. Raises MalformedError."""
    if not FORM.fullmatch(content_type):
        raise MalformedError("Send application/x-www-form-urlencoded")
    if body.count(b"&") >= MAX_FIELDS:
        raise MalformedError(f"More than {MAX_FIELDS} fields")
    pairs = [_pair(part) for part in body.split(b"&") if part]
    charset = _charset(pairs, content_type)
    read = dict(reversed(pairs))
    return {
        name.decode("ascii", "replace"): _text(value, charset).replace("\0", "")
        for name, value in read.items()
    }


def _pair(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name), unquote_to_bytes(value)


def _text(value: bytes, charset: str) -> str:
    """An address, say, is ASCII in whatever charset its neighbours are."""
    is_ascii = value.isascii() and b"\x1b" not in value
    return value.decode("ascii" if is_ascii else charset, "replace")


def _charset(pairs: Pairs, content_type: str) -> str:
    """The name of a decoder that knows what the values are written in."""
    fields = [
        value.decode("ascii", "replace").strip() for name, value in pairs if name == b"charset"
    ]
    header = CHARSET.search(content_type)
    written = b" ".join(value for _, value in pairs)
    for label in (*fields[:1], *([header[1]] if header else [])):
        named = decoder_of(label)
        if named and _fits(written, named):
            return named
    if SHIFTED in written:
        return "whatwg-iso-2022-jp"  # plain ASCII to every other reader
    if _fits(written, "utf-8"):
        return "utf-8"
    if _could_be_anything([value for _, value in pairs if not value.isascii()]):
        return "ascii"
    guessed = turbohtml.detect.detect(written[:SAMPLE]).encoding
    return decoder_of(guessed or "") or "utf-8"


def _could_be_anything(values: Sequence[bytes]) -> bool:
    letters = [byte for byte in b"".join(values)[:SAMPLE] if byte > HIGHEST_SIGN]
    beyond = sum(byte > HIGHEST_ASCII for byte in letters)
    return beyond < ENOUGH and 2 * beyond >= len(letters)


def decoder_of(label: str) -> str:
    """A decoder of browsers, '' for none: Python has some that run code, or for hours."""
    name = label.lower()
    if not LABEL.fullmatch(label) or name in NEVER:
        return ""
    if name in PLAIN:
        return "utf-8"
    try:
        codecs.lookup(f"whatwg-{name}")
    except (LookupError, ValueError):
        return ""
    return f"whatwg-{name}"


def _fits(written: bytes, charset: str) -> bool:
    return "\ufffd" not in written.decode(charset, "replace")
