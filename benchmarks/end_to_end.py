"""`make bench`: everything on every database, about six minutes; loopback only, Linux only.

BENCH_SECONDS shortens the windows (default 4), BENCH_ROUNDS their number (default 3),
BENCH_DATABASES names what to run (default: full,normal,postgres).
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.report import write
from benchmarks.rows import Rows
from benchmarks.service import ROOT, Service
from benchmarks.stage import Measured, Stage
from tests.databases import postgres_server

NAMES = {"full": "SQLite FULL", "normal": "SQLite NORMAL", "postgres": "PostgreSQL"}


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Service]:
    with ExitStack() as stack:
        if kind == "postgres":
            url = stack.enter_context(postgres_server())
        else:
            url = f"sqlite:///{folder / 'moderator.db'}"
        yield stack.enter_context(
            Service(folder, url, kind.upper() if kind != "postgres" else "FULL")
        )


def measure(kind: str, seconds: float, rounds: int) -> Measured:
    # On the disk that the checkout is on: where people's temporary files lie may be memory.
    parent = ROOT / "var"
    parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder,
        opened(kind, Path(folder)) as service,
        Rows(service.database_url) as rows,
    ):
        return Stage(service, rows, Measured(NAMES[kind]), seconds).run(rounds)


def main() -> int:
    seconds = float(os.environ.get("BENCH_SECONDS", "4"))
    rounds = int(os.environ.get("BENCH_ROUNDS", "3"))
    kinds = os.environ.get("BENCH_DATABASES", "full,normal,postgres").split(",")
    load = os.getloadavg()[0]
    measured = []
    for kind in kinds:
        print(f"{NAMES[kind]} ...", file=sys.stderr, flush=True)
        measured.append(measure(kind, seconds, rounds))
    print(write(measured, ROOT / "benchmarks" / "results", load=load))
    return 0


if __name__ == "__main__":
    sys.exit(main())
