"""Writes down what was measured: JSON for comparing, a table for reading."""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import table
from benchmarks.stage import Latency, Measured, Window

PACKAGES = ("flask", "httptools", "celery", "sqlalchemy", "psycopg", "redis", "aiohttp", "msgspec")
DECISION = (
    "Load generator, databases and Redis on the same cores. Sustained: from the first POST to the"
    " last decision\nof a flood, callbacks queued. Medians of the windows."
)
CALLBACK = (
    "CPU per submission of all processes, Redis and PostgreSQL included, until the callback was"
    " received, each time\non a fresh service. Median (smallest to largest) of the rounds. `others`"
    " is what other programs took of the machine."
)
Row = tuple[str, Callable[[Measured], str]]


def write(
    measured: Sequence[Measured],
    folder: Path,
    around: dict[str, str],
    *,
    rooms: Sequence[str] = (),
    record: Sequence[dict[str, object]] = (),
    is_whole: bool = True,
) -> str:
    """Write `<date>-<commit>.json` and `.md`, of a whole run `latest.md` too; return the Markdown.

    `rooms` are lines about the rooms, and `record` is the same for the JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{around['date'][:16].replace(':', '')}-{around['commit']}"
    found = {
        "surroundings": around,
        "databases": [summary(one) for one in measured],
        "rooms": list(record),
    }
    folder.joinpath(f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")
    shown = shown_as(measured, rooms, around)
    folder.joinpath(f"{name}.md").write_text(shown)
    if is_whole:
        folder.joinpath("latest.md").write_text(shown)
    return shown


def surroundings(folder: Path) -> dict[str, str]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),  # an entry point
        "commit": _git("rev-parse", "--short", "HEAD")
        + ("-dirty" if _git("status", "--porcelain", "-uno") else ""),
        "machine": f"{os.cpu_count()} cores, {_model()}, {platform.system()} {platform.release()}",
        "sync_ms": f"{_sync_ms(folder):.2f}",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
            + [f"{name} {version(name)}" for name in PACKAGES]
        ),
    }


def _git(*words: str) -> str:
    command = ["git", *words]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return found.stdout.strip()


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((ln.partition(": ")[2] for ln in lines if ln.startswith("model name")), "unknown")


def _sync_ms(folder: Path) -> float:
    """What one fdatasync costs here: FULL stands and falls with it."""
    with tempfile.TemporaryFile(dir=folder) as file:
        start = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - start) / 50 * 1e3


def _median(windows: Sequence[Window], of: Callable[[Window], float]) -> float:
    return statistics.median(of(window) for window in windows) if windows else float("nan")


def _rate(windows: Sequence[Window]) -> str:
    return f"{_median(windows, lambda w: w.per_second):,.0f}"


def _micros(name: str | None) -> Callable[[Measured], str]:
    return lambda one: f"{_median(one.single, lambda w: w.micros(name)):,.0f}"


def _times(latency: Latency | None, which: str) -> str:
    if latency is None:
        return "-"
    values = latency.answered if which == "answer" else latency.decided
    return f"{Latency.at(values, 0.5):.1f} / {Latency.at(values, 0.99):.1f}"


def _memory(one: Measured) -> str:
    sizes = [size for name, size in one.memory.items() if name != "postgres"]
    return f"{sum(rss for rss, _ in sizes):.0f} / {sum(pss for _, pss in sizes):.0f}"


def _lost(one: Measured) -> int:
    windows = one.single + one.bulk
    missing = sum(w.answered - w.decided for w in one.single)
    waits = sum(latency.lost for latency in (one.calm, one.half) if latency is not None)
    return missing + waits if windows else waits


def _cpu_share(one: Measured) -> float:
    """The ratio to the echo that other programs on the machine disturb least."""
    return _median(one.echo, lambda w: w.micros()) / _median(one.single, lambda w: w.micros())


ROWS: tuple[Row, ...] = (
    ("sustained, one per POST, per second", lambda one: _rate(one.single)),
    ("share of bare Flask echo, interleaved", lambda one: f"{one.ratio():.3f}"),
    ("bare Flask echo, per second", lambda one: _rate(one.echo)),
    ("CPU µs per submission, all", _micros(None)),
    ("… web", _micros("web")),
    ("… worker (checks)", _micros("checker")),
    ("… Redis", _micros("redis")),
    ("… PostgreSQL", _micros("postgres")),
    ("CPU µs per echo", lambda one: f"{_median(one.echo, lambda w: w.micros()):,.0f}"),
    ("CPU of an echo / of a submission", lambda one: f"{_cpu_share(one):.3f}"),
    ("bulk of 50, submissions per second", lambda one: _rate(one.bulk)),
    ("… CPU µs per submission", lambda one: f"{_median(one.bulk, lambda w: w.micros()):,.0f}"),
    ("10/s: POST → 2xx, p50 / p99 ms", lambda one: _times(one.calm, "answer")),
    ("10/s: POST → decision, p50 / p99 ms", lambda one: _times(one.calm, "decision")),
    ("half of peak: POST → 2xx, p50 / p99 ms", lambda one: _times(one.half, "answer")),
    ("half of peak: POST → decision, p50 / p99 ms", lambda one: _times(one.half, "decision")),
    ("callbacks to one blog, per second", lambda one: _rate(one.callbacks)),
    ("… CPU µs per callback", lambda one: f"{_median(one.callbacks, lambda w: w.micros()):,.0f}"),
    ("memory of the idle set, MB (RSS / PSS)", _memory),
    ("CPU of the idle set, % of one core", lambda one: f"{sum(one.idle_cpu.values()) * 100:.1f}"),
    ("lost (no answer or no decision)", lambda one: str(_lost(one))),
)  # fmt: skip


def shown_as(measured: Sequence[Measured], rooms: Sequence[str], around: dict[str, str]) -> str:
    said = []
    if measured:
        heads = ["", *(one.name for one in measured)]
        rows = [[label, *(show(one) for one in measured)] for label, show in ROWS]
        said += ["# From POST to decision", "", *table([heads, *rows]), "", DECISION, ""]
    if rooms:
        said += ["# From POST to callback", "", CALLBACK, "", *rooms]
    return "\n".join([*said, *(f"- {name}: {value}" for name, value in around.items()), ""])


def _windows(of: Sequence[Window]) -> list[dict[str, object]]:
    return [
        {
            "per_second": round(w.per_second, 1),
            "answered": w.answered,
            "decided": w.decided,
            "seconds": round(w.seconds, 3),
            "cpu_us": {name: round(w.micros(name), 1) for name in w.cpu},
            "generator_us": round(w.generator / max(1, w.answered) * 1e6, 1),
        }
        for w in of
    ]


def _latency(of: Latency | None) -> dict[str, object]:
    if of is None:
        return {}
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    return {
        "rate": round(of.rate, 1),
        "lost": of.lost,
        "answer_ms": {n: round(Latency.at(of.answered, s), 2) for n, s in shares.items()},
        "decision_ms": {n: round(Latency.at(of.decided, s), 2) for n, s in shares.items()},
    }


def summary(one: Measured) -> dict[str, object]:
    return {
        "name": one.name,
        "ratio_to_echo": round(one.ratio(), 4),
        "echo": _windows(one.echo),
        "single": _windows(one.single),
        "bulk": _windows(one.bulk),
        "callbacks": _windows(one.callbacks),
        "calm": _latency(one.calm),
        "half": _latency(one.half),
        "memory_mb": {
            name: [round(size, 1) for size in sizes] for name, sizes in one.memory.items()
        },
        "idle_cpu_percent": {name: round(share * 100, 2) for name, share in one.idle_cpu.items()},
        "statuses": one.statuses,
        "verdicts": one.verdicts,
    }
