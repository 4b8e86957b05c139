"""Clocks that go wrong: libfaketime before whole processes, led by a file for each machine.

Every reading of the wall clock is wrong then, in Python, in SQLite and in PostgreSQL's server;
clocks that only measure how long something takes stay right, as where somebody sets the time. The
library is Debian's, unpacked into a folder of ours and not installed.
"""

import subprocess
from pathlib import Path

from integrations.chaos.options import UsageError


class Clocks:
    """A clock for each machine that there would be: `machines` are their names."""

    def __init__(self, folder: Path, machines: tuple[str, ...]) -> None:
        self.machines = machines
        self._folder = folder
        self._library = _library(folder) if machines else ""
        for machine in machines:
            self.set(machine, 0)

    def set(self, machine: str, seconds: int) -> None:
        """Its clock goes so far ahead from now on (within a second), or behind."""
        new = self._file(machine).with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n")
        new.chmod(0o644)  # the database's server is another user
        new.replace(self._file(machine))

    def environment(self, machine: str) -> dict[str, str]:
        """What a process on this machine is started with."""
        if machine not in self.machines:
            return {}
        return {
            "LD_PRELOAD": self._library,
            "FAKETIME_TIMESTAMP_FILE": str(self._file(machine)),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
        }

    def _file(self, machine: str) -> Path:
        return self._folder / f"{machine}.clock"


def _library(folder: Path) -> str:
    """Raises UsageError where Debian's package cannot be had."""
    place = folder / "libfaketime"
    place.mkdir()
    try:
        for words in (
            ("apt-get", "-qq", "download", "libfaketime"),
            ("sh", "-c", "dpkg-deb -x *.deb ."),
        ):
            subprocess.run(words, cwd=place, check=True, capture_output=True, timeout=60)  # noqa: S603
        [found] = place.rglob("libfaketimeMT.so.1")
    except (OSError, subprocess.SubprocessError, ValueError):
        raise UsageError(
            "FAULTS=clock: needs Debian's libfaketime, which apt-get cannot download here"
        ) from None
    return str(found)
