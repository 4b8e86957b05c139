"""Clocks that go wrong: a library before whole processes, led by a file for each machine.

Every reading of the wall clock is wrong then, in Python, in SQLite and in PostgreSQL's server;
clocks that only measure how long something takes stay right, as where somebody sets the time. The
library is ours (entry/clock.c): libfaketime 0.9.10 makes every time.sleep() of Python 3.11 fail.
"""

import struct
import subprocess
from pathlib import Path

from integrations.chaos.options import UsageError

SOURCE = Path(__file__).parent / "entry" / "clock.c"


class Clocks:
    """A clock for each machine that there would be: `machines` are their names."""

    def __init__(self, folder: Path, machines: tuple[str, ...]) -> None:
        self.machines = machines
        self._folder = folder
        self._library = folder / "clock.so"
        if machines:
            _compile(self._library)
        for machine in machines:
            self._file(machine).write_bytes(bytes(8))
            self._file(machine).chmod(0o644)  # the database's server is another user

    def set(self, machine: str, seconds: int) -> None:
        """Its clock is so far ahead from now on, or behind."""
        with self._file(machine).open("r+b") as file:
            file.write(struct.pack("=q", seconds))

    def environment(self, machine: str) -> dict[str, str]:
        """What a process on this machine is started with."""
        if machine not in self.machines:
            return {}
        return {"LD_PRELOAD": str(self._library), "CHAOS_CLOCK": str(self._file(machine))}

    def _file(self, machine: str) -> Path:
        return self._folder / f"{machine}.clock"


def _compile(library: Path) -> None:
    """Raises UsageError where there is no C compiler."""
    words = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
    try:
        subprocess.run(words, check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        raise UsageError("FAULTS=clock: needs a C compiler (cc) here") from None
    library.chmod(0o755)
