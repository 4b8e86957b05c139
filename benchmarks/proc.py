"""What processes cost, read from /proc: CPU seconds and memory of whole trees and of all."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """The process and all that descend from it; one that has just ended has no children."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  # names, not paths
        direct = [
            child
            for task in tasks
            for child in PROC.joinpath(str(pid), "task", task, "children").read_text().split()
        ]
    except OSError:
        direct = []
    return [pid, *(inner for child in direct for inner in children(int(child)))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time so far, of the processes and of their children that have ended."""
    total = 0
    for pid in pids:
        try:
            stat = PROC.joinpath(str(pid), "stat").read_text()
        except OSError:
            continue
        total += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return total / TICK


def machine_seconds() -> float:
    """CPU time so far of everything on this machine, and what its host took from it (steal)."""
    line = PROC.joinpath("stat").read_text().split("\n", 1)[0]
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, line.split()[1:9])
    return (user + nice + system + irq + soft + steal) / TICK


def busy_share(seconds: float = 1.0) -> float:
    """The share of all cores that is in use now, while we do nothing: 0 to 1."""
    before, began = machine_seconds(), time.monotonic()
    time.sleep(seconds)
    cores = os.cpu_count() or 1
    return (machine_seconds() - before) / (time.monotonic() - began) / cores


def memory_mb(pids: Iterable[int]) -> tuple[float, float]:
    """RSS, and PSS (what is shared counts once among its sharers)."""
    rss = pss = 0
    for pid in pids:
        try:
            lines = PROC.joinpath(str(pid), "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        rss += sizes.get("Rss", 0)
        pss += sizes.get("Pss", 0)
    return rss / 1024, pss / 1024
