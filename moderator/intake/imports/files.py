"""Opens an export: packed or not, piece by piece; knows its digest and how far it was read."""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from moderator.domain.errors import MalformedError, NotFoundError

PIECE = 1 << 16  # bytes that are read at once
PACKED = b"\x1f\x8b"
SQLITE = b"SQLite format 3\0"
ENTRIES = 200_000  # files of a folder


@dataclass(slots=True)
class ExportFile:
    """A file or folder. `repairs` counts what was put right, in words; `read` are bytes of it."""

    path: Path
    repairs: Counter[str] = field(default_factory=Counter)
    read: int = 0

    def __post_init__(self) -> None:
        if not self.path.exists():
            raise NotFoundError(f"There is no file {self.path}")

    @property
    def size(self) -> int:
        """Bytes of the file, or of all files of the folder."""
        return sum(path.stat().st_size for path in self.members())

    @property
    def is_sqlite(self) -> bool:
        return self._starts_with(SQLITE)

    def members(self) -> list[Path]:
        """The file, or every file of the folder, in one order."""
        if not self.path.is_dir():
            return [self.path]
        found = [path for path in self.path.rglob("*") if path.is_file()]
        if len(found) > ENTRIES:
            raise MalformedError(f"More than {ENTRIES:,} files in the folder")
        return sorted(found)

    def digest(self) -> str:
        """What the bytes are known by; of a folder the names, too."""
        mixed = sha256()
        for path in self.members():
            if path != self.path:
                mixed.update(f"{path.relative_to(self.path).as_posix()}\0".encode())
            with path.open("rb") as opened:
                while piece := opened.read(PIECE):
                    mixed.update(piece)
        return mixed.hexdigest()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes, unpacked. Raises MalformedError for what is no file of text."""
        if self.path.is_dir():
            raise MalformedError("This format is one file, not a folder")
        if self.is_sqlite:
            raise MalformedError("This is a SQLite database, and this format is none")
        with self.path.open("rb") as raw:
            counted = cast("RawIOBase", _Counted(raw, self))
            if not self._starts_with(PACKED):
                yield BufferedReader(counted, PIECE)
                return
            try:
                with gzip.open(BufferedReader(counted, PIECE)) as unpacked:
                    yield cast("BinaryIO", unpacked)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise MalformedError("The packed file is damaged, or ends too early") from error

    def pieces(self) -> Iterator[bytes]:
        """The bytes, unpacked, piece by piece. Raises MalformedError where there are none."""
        with self.opened() as opened:
            piece = opened.read(PIECE)
            if not piece:
                raise MalformedError("The file is empty")
            while piece:
                yield piece
                piece = opened.read(PIECE)

    def _starts_with(self, sign: bytes) -> bool:
        if self.path.is_dir():
            return False
        with self.path.open("rb") as opened:
            return opened.read(len(sign)) == sign


class _Counted(RawIOBase):
    """Tells the file how many of its bytes were read."""

    def __init__(self, raw: BufferedIOBase | BinaryIO, file: ExportFile) -> None:
        self._raw = raw
        self._file = file
        file.read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]  # a buffer is one
        piece = self._raw.read(len(into))
        into[: len(piece)] = piece
        self._file.read += len(piece)
        return len(piece)
