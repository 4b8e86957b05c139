"""Reads XML as it comes: no document type, no entity of its own, bounded depth and names.

Exports hold what plugins and visitors left in them, and one bare `&` makes a whole file ill-formed:
outside CDATA it is written as it was meant, and characters that XML has no place for are dropped.
Both are counted.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate, errors

from moderator.domain.errors import MalformedError
from moderator.intake.imports.files import ExportFile

DEPTH = 64
PARTS = 10_000  # elements of one record
LONGEST = 4 * 1024 * 1024  # characters of one text, bytes of one tag
TAIL = 16  # characters that may be the begin of what is looked for
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")
DECLARED = re.compile(rb"^\s*<\?xml[^>]{1,200}?encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']")
CDATA, ENDS = "<![CDATA[", "]]>"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DROPPED = "characters dropped that XML has no place for"
MENDED = "bare & written out"
INCOMPLETE = {
    errors.codes[words]
    for words in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


class Start(NamedTuple):
    """An element begins."""

    tag: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An element ends, with the text that stood in it alone."""

    tag: str
    text: str


def elements(file: ExportFile) -> Iterator[Start | End]:
    """What begins and ends, in order. Raises MalformedError, which names the line."""
    return _Elements(file).read()


class _Elements:
    def __init__(self, file: ExportFile) -> None:
        self._file = file
        self._coming: list[Start | End] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._parser = parser = ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse

    def read(self) -> Iterator[Start | End]:
        text = _Mended(self._file)
        fed = 0
        for piece in self._file.pieces():
            mended = text.mended(piece)
            fed += len(mended)
            yield from self._parsed(mended)
            if fed - max(self._parser.CurrentByteIndex, 0) > LONGEST:
                raise self._wrong(f"a tag is longer than {LONGEST:,} bytes")
        yield from self._parsed(text.mended(b"", ends=True), ends=True)

    def _parsed(self, piece: bytes, *, ends: bool = False) -> Iterator[Start | End]:
        try:
            self._parser.Parse(piece, ends)
        except ExpatError as error:
            if ends or error.code in INCOMPLETE:
                raise self._wrong("the file ends before it is complete") from error
            raise self._wrong(f"this is not XML: {errors.messages[error.code]}") from error
        coming, self._coming = self._coming, []
        yield from coming

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= DEPTH:
            raise self._wrong(f"more than {DEPTH} elements in each other")
        self._texts.append([])
        self._lengths.append(0)
        self._coming.append(Start(tag, attributes))

    def _end(self, tag: str) -> None:
        self._lengths.pop()
        self._coming.append(End(tag, "".join(self._texts.pop())))

    def _text(self, text: str) -> None:
        self._lengths[-1] += len(text)
        if self._lengths[-1] > LONGEST:
            raise self._wrong(f"a text is longer than {LONGEST:,} characters")
        self._texts[-1].append(text)

    def _refuse(self, *_: object) -> NoReturn:
        raise self._wrong("no export has a document type, and this one is not read")

    def _wrong(self, words: str) -> MalformedError:
        return MalformedError(f"Line {self._parser.CurrentLineNumber}: {words}")


class _Mended:
    """Bytes in, as the file's encoding has them; UTF-8 out, as XML wants it."""

    def __init__(self, file: ExportFile) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None
        self._kept = ""
        self._in_cdata = False
        self._name = ""

    def mended(self, piece: bytes, *, ends: bool = False) -> bytes:
        text = self._kept + self._decoded(piece, ends=ends)
        cut = len(text) if ends else max(_cut(text), 0)
        text, self._kept = text[:cut], text[cut:]
        text, dropped = FORBIDDEN.subn("", text)
        out = "".join(self._parts(text))
        self._count(DROPPED, dropped)
        return out.encode()

    def _decoded(self, piece: bytes, *, ends: bool) -> str:
        if self._decoder is None:
            self._name = _encoding(piece)
            try:
                self._decoder = codecs.getincrementaldecoder(self._name)("strict")
            except LookupError as error:
                raise MalformedError(f"The encoding {self._name} is not known") from error
        try:
            return self._decoder.decode(piece, ends)
        except UnicodeDecodeError as error:
            raise MalformedError(
                f"The file is not in {self._name.removesuffix('-sig')}, as it says or has to be"
            ) from error

    def _parts(self, text: str) -> Iterator[str]:
        start = 0
        while start < len(text):
            sign = ENDS if self._in_cdata else CDATA
            found = text.find(sign, start)
            stop = len(text) if found < 0 else found + len(sign)
            part = text[start:stop]
            yield part if self._in_cdata else self._outside(part)
            self._in_cdata ^= found >= 0
            start = stop

    def _outside(self, part: str) -> str:
        if "&" not in part:
            return part
        part, bare = BARE.subn("&amp;", part)
        self._count(MENDED, bare)
        return REFERENCE.sub(self._referred, part)

    def _referred(self, found: re.Match[str]) -> str:
        """A reference to a character that XML has no place for is dropped as the character is."""
        digits = found[1]
        code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
        is_there = code < 0x110000 and not 0xD800 <= code < 0xE000  # noqa: PLR2004  # Unicode
        if is_there and not FORBIDDEN.match(chr(code)):
            return found[0]
        self._count(DROPPED, 1)
        return ""

    def _count(self, what: str, number: int) -> None:
        if number:
            self._file.repairs[what] += number


def _cut(text: str) -> int:
    """Where what may go on in the next piece begins."""
    tail = max(len(text) - TAIL, 0)
    begins = [text.find(sign, tail) for sign in "<&]"]
    return min((place for place in begins if place >= 0), default=len(text))


def _encoding(piece: bytes) -> str:
    for mark, name in MARKS:
        if piece.startswith(mark):
            return name
    found = DECLARED.match(piece)
    return found[1].decode() if found else "utf-8"


@dataclass(frozen=True, slots=True)
class Element:
    """An element below the root with all that is in it, by the paths below it."""

    tag: str
    attributes: dict[str, str]
    parts: list[tuple[str, dict[str, str], str]]  # path, attributes, text

    def text(self, path: str) -> str:
        """The text of the first that is not empty."""
        return next((text for name, _, text in self.parts if name == path and text), "")

    def every(self, path: str) -> list[dict[str, str]]:
        """The attributes of each."""
        return [attributes for name, attributes, _ in self.parts if name == path]


def children(file: ExportFile, root: str, wanted: frozenset[str]) -> Iterator[Element]:
    """The wanted elements below the root. Raises MalformedError where the root is another."""
    path: list[Start] = []
    parts: list[tuple[str, dict[str, str], str]] = []
    for each in elements(file):
        if isinstance(each, Start):
            if not path and each.tag != root:
                raise MalformedError(f"This begins with <{each.tag[:50]}>, and not with <{root}>")
            path.append(each)
            if len(path) == 2:  # noqa: PLR2004  # the root and its child
                parts = []
            continue
        begun = path.pop()
        if len(path) == 1:
            if each.tag in wanted:
                yield Element(each.tag, begun.attributes, parts)
        elif path and path[1].tag in wanted:
            _keep(parts, path, begun, each.text)


def _keep(
    parts: list[tuple[str, dict[str, str], str]], path: list[Start], begun: Start, text: str
) -> None:
    if len(parts) >= PARTS:
        raise MalformedError(f"More than {PARTS:,} elements in one <{path[1].tag}>")
    names = [*(start.tag for start in path[2:]), begun.tag]
    parts.append(("/".join(names), begun.attributes, text.strip()))
