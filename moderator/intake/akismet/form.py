"""The form of an Akismet call: its fields as text, whatever charset and coding they came in.

UTF-8 if a value is that; else in what the form or the request names, else windows-1252: clients
send Latin-1 without a word, and some name a charset that they do not write. Where one of several
bytes a letter is named and fits, it is believed first. Pages that come along are longer than any
field may be, and are read by themselves, for they were written by others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from moderator.domain.errors import MalformedError, TooLargeError
from moderator.intake.linkback.forms import CHARSET, decoder_of

MAX_FIELDS = 1_000  # the WordPress plugin sends the visitor's headers and form, field by field
FIELD_LIMIT = 65_535  # characters that are read of a field, as of the content of an event
FIELDS_LIMIT = 256 * 1024  # bytes of all fields but pages, as they are sent
PAGES = ("remote_source_original", "remote_source")
BODY_LIMIT = 1024 * 1024  # two pages as WordPress cuts them, each byte escaped
FORM_LIMIT = 64 * 1024  # bytes of a call that tells of no comment
NAMES = ("blog_charset", "charset")
ABSENT = "undefined"  # what JavaScript makes of nothing
MULTIPART = re.compile(
    r'multipart/form-data[ \t]*;[ \t]*boundary[ \t]*=[ \t]*"?([^\s";,]{1,70})"?', re.IGNORECASE
)
DISPOSITION = re.compile(rb'\bname="([^"\r\n]{1,200})"')
HEAD_LIMIT = 1_024  # bytes of the head of one part
# Where a letter is several bytes, and another charset's text seldom fits.
WIDE = re.compile(
    r"whatwg-(?:shift[_-]jis|sjis|x-sjis|ms_kanji|windows-31j|(?:x-)?euc-jp|iso-2022-jp"
    r"|(?:x-)?gbk|gb2312|gb_2312-80|gb18030|(?:cn-|x-x-)?big5(?:-hkscs)?"
    r"|(?:cs)?euc-?kr|ks_c_5601-198[79]|ksc?_?5601|windows-949)"
)

Pairs = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Form:
    """Every field in the order in which it came; `get` is the first value, '' for none."""

    fields: tuple[tuple[str, str], ...]

    def get(self, *names: str) -> str:
        """The first of these that says something."""
        for name in names:
            for field, value in self.fields:
                if field == name and value and value != ABSENT:
                    return value
        return ""

    def all(self, name: str) -> list[str]:
        """A list, however it was written: `name[0]`, `name[]` or repeated."""
        return [
            value
            for field, value in self.fields
            if value and (field == name or (field.startswith(f"{name}[") and field.endswith("]")))
        ]


def read_form(body: bytes, content_type: str) -> Form:
    """Raises MalformedError, TooLargeError."""
    multipart = MULTIPART.match(content_type)
    pairs = _parts(body, multipart[1]) if multipart else _pairs(body)
    if len(pairs) > MAX_FIELDS:
        raise MalformedError(f"More than {MAX_FIELDS} fields")
    if sum(len(name) + len(value) for name, value in pairs if name not in PAGES) > FIELDS_LIMIT:
        raise TooLargeError(f"The fields are larger than {FIELDS_LIMIT} bytes")
    others = _others(pairs, content_type)
    return Form(tuple((name, _text(name, value, others)) for name, value in pairs))


def _pairs(body: bytes) -> Pairs:
    if body.count(b"&") > MAX_FIELDS:
        raise MalformedError(f"More than {MAX_FIELDS} fields")
    pairs = []
    for part in body.split(b"&"):
        name, _, value = part.replace(b"+", b" ").partition(b"=")
        if name:
            pairs.append((_name(unquote_to_bytes(name)), unquote_to_bytes(value)))
    return pairs


def _parts(body: bytes, boundary: str) -> Pairs:
    """The fields of multipart/form-data (RFC 7578); files are none."""
    pairs = []
    for part in body.split(b"--" + boundary.encode("ascii", "replace"), MAX_FIELDS + 2):
        head, _, value = part.partition(b"\r\n\r\n")
        found = DISPOSITION.search(head[:HEAD_LIMIT])
        if found and b"filename" not in head[:HEAD_LIMIT]:
            pairs.append((_name(found[1]), value.removesuffix(b"\r\n")))
    return pairs


def _name(written: bytes) -> str:
    return written.decode("utf-8", "replace")


def _others(pairs: Pairs, content_type: str) -> tuple[str, str]:
    """What is read before UTF-8, '' for nothing, and what where it is no UTF-8."""
    labels = [value.decode("ascii", "replace").strip() for name, value in pairs if name in NAMES]
    header = CHARSET.search(content_type)
    labels += [header[1]] if header else []
    named = [name for name in map(decoder_of, labels) if name and "utf" not in name]
    wide = [name for name in named if WIDE.fullmatch(name)]
    written = b" ".join([value for name, value in pairs if name not in PAGES])
    before = wide[0] if wide and _fits(written, wide[0]) else ""
    return before, named[0] if named else "whatwg-windows-1252"


def _fits(written: bytes, charset: str) -> bool:
    return "\ufffd" not in written.decode(charset, "replace")


def _text(name: str, value: bytes, others: Sequence[str]) -> str:
    limit = BODY_LIMIT if name in PAGES else FIELD_LIMIT
    before, after = others
    if value.isascii() and b"\x1b" not in value:
        text = value.decode("ascii")
    elif before and name not in PAGES:
        text = value.decode(before, "replace")
    else:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode(after, "replace")
    return text.replace("\0", "")[:limit]
