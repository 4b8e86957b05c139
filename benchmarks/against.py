"""`make bench-against REV=<commit>`: this checkout and another commit in turn, and their ratios.

The other commit runs from a temporary clone, with packages of its own lock file; who sends, who is
called back and what is sent are this checkout's for both. About forty minutes; ROOMS, ROUNDS,
DATABASES and BENCH_SECONDS shorten it. Filled databases take 8 GB of disk for each commit.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import All, lines, recorded
from benchmarks.options import KINDS, Options, ended_by_signals, look_around, say
from benchmarks.programs import Sink
from benchmarks.report import surroundings
from benchmarks.rooms import measure
from benchmarks.shelf import Shelf
from benchmarks.tree import ROOT, Tree, UnknownCommitError, other, this

HOW = (
    "Measured in turn, each time on a fresh service. CPU per submission is of all processes, Redis"
    " and PostgreSQL\nincluded, from the POST to the callback; `to the decision` judges without"
    " delivering. Median (smallest to largest)\nof the rounds; `times better` compares each round"
    " with its neighbour. `others` is what other programs took\nof the machine."
)
RESULTS = ROOT / "benchmarks" / "results"


def report(taken: All, trees: Sequence[Tree], around: dict[str, str]) -> str:
    """Write it to benchmarks/results as JSON and Markdown, and return the Markdown."""
    names = [tree.name for tree in trees]
    facts = [f"- {name}: {value}" for name, value in around.items()]
    head = [f"# {names[0]} against {names[1]}", "", HOW, ""]
    said = "\n".join([*head, *lines(taken, names, KINDS), *facts, ""])
    RESULTS.mkdir(parents=True, exist_ok=True)
    date = around["date"][:16].replace(":", "")
    path = RESULTS / f"{date}-{names[0]}-against-{names[1]}"
    found = {"surroundings": around, "trees": names, "rooms": recorded(taken)}
    path.with_name(f"{path.name}.json").write_text(json.dumps(found, indent=1) + "\n")
    path.with_name(f"{path.name}.md").write_text(said)
    return said


def _apart(theirs: Tree, ours: Tree) -> Tree:
    """Under a name of its own: a commit can be held against itself, which shows the noise."""
    return replace(theirs, name=f"{theirs.name}-again") if theirs.name == ours.name else theirs


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1]:
        say("Say which commit: make bench-against REV=<commit>")
        return 2
    options = Options.given()
    ended_by_signals()
    parent = ROOT / "var"
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as name:
        folder = Path(name)
        try:
            with other(sys.argv[1], folder) as cloned, Sink() as sink, Shelf(folder, sink) as shelf:
                trees = (this(), _apart(cloned, this()))
                busy = look_around()
                taken = measure(trees, options, shelf)
                around = surroundings(folder) | {"busy_before": f"{busy:.0%}"}
        except UnknownCommitError as error:
            say(str(error))
            return 2
    print(report(taken, trees, around))
    return 0


if __name__ == "__main__":
    sys.exit(main())
