"""Compares predictions of `moderator judge` with gold labels and prints the table."""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from moderator.commands.json_rows import read_rows
from moderator.commands.progress import shown
from moderator.judgement.training.measures import Row, by_group, copies, measures

NAME = "evaluate"
HELP = "compare predictions with gold labels (both JSON lines)"
HEAD = (
    "group",
    "ham",
    "called spam",
    "held",
    "spam",
    "caught",
    "held",
    "let through",
    "MCC at .5",
    "AUC",
)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gold", type=Path, help="rows with id and label")
    parser.add_argument("predicted", type=Path, help="what `moderator judge` wrote")
    parser.add_argument("--group", default="source", help="field of the gold rows to group by")
    parser.add_argument(
        "--unique", action="store_true", help="leave out gold rows that repeat an earlier one"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 1 when a gold row has no prediction."""
    golds = [
        gold for gold in rows(arguments.gold, "label") if not (arguments.unique and gold.get("rep"))
    ]
    predictions = {str(row["id"]): row for row in rows(arguments.predicted)}
    for line in table(golds, predictions, arguments.group):
        print(line)
    missing = sum(str(gold["id"]) not in predictions for gold in golds)
    if missing:
        print(f"\n{missing} rows have no prediction and count as let through")
    return 1 if missing else 0


def rows(path: Path, *needs: str) -> list[Row]:
    """Raises MalformedError."""
    with path.open(encoding="utf-8") as lines:
        return list(shown(read_rows(lines, needs=("id", *needs)), "rows read"))


def table(golds: Iterable[Row], predictions: Mapping[str, Row], group: str = "source") -> list[str]:
    """The table in Markdown, one line per group; shares with Wilson's 95 % interval."""
    groups = by_group(golds, predictions, group)
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for name, pairs in groups.items():
        found = measures(pairs)
        cells = (
            name,
            str(found.ham_held.of),
            str(found.ham_called_spam),
            str(found.ham_held),
            str(found.spam_caught.of),
            str(found.spam_caught),
            str(found.spam_held),
            str(found.let_through),
            _number(found.mcc),
            _number(found.auc),
        )
        lines.append("| " + " | ".join(cells) + " |")
    if (doubles := copies(groups["ALL"])) is not None:
        lines += ["", f"Duplicates: precision {doubles.precision}, recall {doubles.recall}, "]
        lines[-1] += f"same original {doubles.same}"
    return lines


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
