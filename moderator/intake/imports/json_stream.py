"""Reads JSON as it comes: lines of it, or what stands in the lists of one large value."""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import RawIOBase
from typing import cast

import ijson

from moderator.domain.errors import MalformedError
from moderator.intake.imports.files import ExportFile

LONGEST = 16 * 1024 * 1024  # bytes of a line, or of one record
TOP = 2  # lists and objects around a record
DEPTH = 64  # lists and objects in each other
OPENS, CLOSES = ("start_map", "start_array"), ("end_map", "end_array")
STEPS = dict.fromkeys(OPENS, 1) | dict.fromkeys(CLOSES, -1)
MARK = b"\xef\xbb\xbf"
Row = dict[str, object]


def lines(file: ExportFile) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers. Raises MalformedError."""
    kept, number = b"", 0
    for piece in file.pieces():
        whole = (kept + piece) if number or kept else piece.removeprefix(MARK)
        *ended, kept = whole.split(b"\n")
        for line in ended:
            number += 1
            if line.strip():
                yield number, line
        if len(kept) > LONGEST:
            raise MalformedError(f"Line {number + 1} is longer than {LONGEST:,} bytes")
    if kept.strip():
        yield number + 1, kept


def row(number: int, line: bytes) -> Row:
    """The object that a line is. Raises MalformedError, which names the line."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Line {number} is not JSON, or ends too early") from error
    if not isinstance(found, dict):
        raise MalformedError(f"Line {number} is no JSON object")
    return found


def items(file: ExportFile, name: str = "") -> Iterator[Row]:
    """The objects of the list with this name at the top, or of the list that the value is.

    Raises MalformedError.
    """
    level = 2 if name else 1  # lists and objects around each
    depth, key, is_there, built = 0, "", False, None
    for event, value in _events(file):
        if event == "map_key" and depth == 1:
            key = str(value)
        if built is None and depth == level and is_there and event == "start_map":
            built = ijson.ObjectBuilder()
        depth += STEPS.get(event, 0)
        if built is not None:
            built.event(event, value)
            if depth == level:
                yield built.value
                built = None
        elif depth == level and event in OPENS:
            is_there = event == "start_array" and key == name
        elif depth < level:
            is_there = False


def check_version(file: ExportFile, known: tuple[int, ...], title: str) -> None:
    """Raises MalformedError where the value has no such `version` at its top."""
    depth, is_next = 0, False
    for event, value in _events(file):
        if is_next and value in known:
            return
        depth += STEPS.get(event, 0)
        is_next = event == "map_key" and depth == 1 and value == "version"
    raise MalformedError(f"This is no export of {title} that is known here")


def _events(file: ExportFile) -> Iterator[tuple[str, object]]:
    """What the parser sees, as far as it can be kept.

    Without paths (ijson.parse): those of lists in lists take memory by the square of their depth.
    """
    pieces, depth = _Pieces(file), 0
    try:
        for event, value in ijson.basic_parse(cast("RawIOBase", pieces), use_float=True):
            depth += STEPS.get(event, 0)
            if depth <= TOP:
                pieces.silent = 0
            if depth > DEPTH:
                raise MalformedError(f"More than {DEPTH} lists and objects in each other")
            yield event, value
    except ijson.IncompleteJSONError as error:
        raise MalformedError("This is not JSON, or the file ends before it is complete") from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise MalformedError("This is not JSON") from error


def words(row: Row, *names: str) -> str:
    """The first of these fields that says something, as text; '' for none."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return str(value)
    return ""


class _Pieces:
    """What ijson reads from: an object with `read`."""

    def __init__(self, file: ExportFile) -> None:
        self._pieces = file.pieces()
        self._kept = b""
        self._begun = False
        self.silent = 0  # bytes since the parser was last at the top

    def read(self, size: int = -1) -> bytes:
        if size == 0:  # asked to see whether it is bytes or text
            return b""
        if not self._kept:
            self._kept = next(self._pieces, b"")
            self._kept = self._kept if self._begun else self._kept.removeprefix(MARK)
            self._begun = True
        piece, self._kept = (
            (self._kept, b"") if size < 0 else (self._kept[:size], self._kept[size:])
        )
        self.silent += len(piece)
        if self.silent > LONGEST:
            raise MalformedError(f"A record is longer than {LONGEST:,} bytes")
        return piece
