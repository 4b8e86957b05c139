"""A small disk for the database, and how it is full: a file system of its own in memory.

Where mounting is refused (no root), RLIMIT_FSIZE of the processes takes its place: no file can
grow any more. Which of the two it was is said at the start.
"""

import os
import resource
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

PIECE = bytes(1 << 20)
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class Disk:
    """`with Disk(folder, megabytes) as disk`: `folder` is on it."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._megabytes = megabytes
        self.is_mounted = False

    def __enter__(self) -> Self:
        self.folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m,mode=0755", "chaos"]
        with suppress(OSError):
            done = subprocess.run([*words, str(self.folder)], check=False, capture_output=True)  # noqa: S603
            self.is_mounted = done.returncode == 0
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)  # noqa: S603, S607

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self, pids: Iterable[int]) -> None:
        """No byte more can be written by these processes."""
        if not self.is_mounted:
            _limit(pids, (1, resource.RLIM_INFINITY))
            return
        with suppress(OSError), self._filler.open("ab", buffering=0) as file:
            size = len(PIECE)
            while size:
                try:
                    file.write(PIECE[:size])
                except OSError:
                    size //= 2
            os.fsync(file.fileno())

    def free(self, pids: Iterable[int]) -> None:
        if self.is_mounted:
            self._filler.unlink(missing_ok=True)
        else:
            _limit(pids, UNLIMITED)


def _limit(pids: Iterable[int], limit: tuple[int, int]) -> None:
    for pid in pids:
        with suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
