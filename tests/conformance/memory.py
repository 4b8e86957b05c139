"""How far this process's memory rose above where it stood."""

from pathlib import Path
from resource import RUSAGE_SELF, getrusage

CLEAR = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")


def mark() -> float:
    """Forget the peak where the system can; return the peak so far in MiB."""
    if CLEAR.exists():
        CLEAR.write_text("5")
    return peak()


def peak() -> float:
    if STATUS.exists():
        lines = STATUS.read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
