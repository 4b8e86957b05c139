"""`make bench`: from POST to decision on every database, then the rooms; loopback, Linux only.

BENCH_SECONDS shortens the windows (default 4), ROUNDS their number (default 3), DATABASES names
what to run on (default: full,normal,postgres), ROOMS what to run: plain, wave, links, bulk, stored
and decision (default: all). Twenty minutes; filled databases take 8 GB of disk.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.figures import lines, recorded
from benchmarks.options import KINDS, Options, ended_by_signals, look_around, say
from benchmarks.programs import Sink
from benchmarks.report import surroundings, write
from benchmarks.rooms import measure
from benchmarks.rows import Rows
from benchmarks.service import Service
from benchmarks.shelf import Shelf
from benchmarks.stage import Measured, Stage
from benchmarks.tree import ROOT, Tree, this

STAGED = frozenset({"decision"})  # what Stage measures, with more around it


def staged(tree: Tree, options: Options, shelf: Shelf) -> list[Measured]:
    measured = []
    for kind in options.kinds("decision"):
        say(f"{KINDS[kind]} ...")
        with (
            shelf.lend(tree, kind) as place,
            tempfile.TemporaryDirectory(prefix="run-", dir=shelf.folder) as run,
            Service(tree, Path(run), place) as service,
            Rows(place.url) as rows,
        ):
            stage = Stage(service, rows, Measured(KINDS[kind]), options.seconds)
            measured.append(stage.run(options.rounds))
    return measured


def main() -> int:
    options = Options.given()
    ended_by_signals()
    # On the disk that the checkout is on: where people's temporary files lie may be memory.
    parent = ROOT / "var"
    parent.mkdir(exist_ok=True)
    busy = look_around()
    tree = this()
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder,
        Sink() as sink,
        Shelf(Path(folder), sink) as shelf,
    ):
        measured = staged(tree, options, shelf) if "decision" in options.rooms else []
        taken = measure((tree,), options, shelf, without=STAGED)
        around = surroundings(shelf.folder) | {"busy_before": f"{busy:.0%}"}
    rooms = lines(taken, [tree.name], KINDS)
    results = ROOT / "benchmarks" / "results"
    record = recorded(taken)
    shown = write(measured, results, around, rooms=rooms, record=record, is_whole=options.is_whole)
    print(shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
