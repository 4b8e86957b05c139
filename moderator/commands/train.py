"""Trains the shared spam model from rows that may be shipped and from our own grammar."""

import argparse
import importlib
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from moderator.commands.json_rows import read_rows
from moderator.commands.progress import during, shown
from moderator.domain.errors import InvalidError, SettingsError
from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.judgement.phrasebook import phrasebook
from moderator.judgement.text.model import SHIPPED, Model, save
from moderator.judgement.training.measures import Row
from moderator.judgement.training.samples import Sample, padded, with_links, written

NAME = "train"
HELP = "train the shared spam model (needs the extra 'train')"
SEED = 11
LINKED_OURS = 0.2  # share of our own honest texts that come again with links in them

SPAM, HAM_BESIDE_SPAM, HAM_ONLY, SMS_HAM = 3.0, 1.0, 0.5, 0.25


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rows", type=Path, help="JSON lines: text, label, source, kind, ship")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="model file to write")
    parser.add_argument("--name", default="", help="name of the model; default: shared and the day")
    parser.add_argument(
        "--without", action="append", default=[], metavar="SOURCE", help="leave a source out"
    )


def run(arguments: argparse.Namespace) -> int:
    with arguments.rows.open(encoding="utf-8") as lines:
        read = read_rows(lines, needs=("text", "label", "source"))
        rows = list(shown(read, "rows read"))
    if not any(row.get("ship") for row in rows):
        raise InvalidError(f"{arguments.rows} has no row that may be shipped")
    name = arguments.name or f"shared {date.today():%Y-%m-%d}"  # noqa: DTZ011 (a label)
    with during("Gathering texts"):
        samples = gather(rows, frozenset(arguments.without))
    with during(f"Training on {len(samples):,} texts"):
        save(train(samples, name), arguments.out)
    print(f"{name}: {len(samples)} texts, {arguments.out.stat().st_size} bytes", file=sys.stderr)
    return 0


def train(samples: list[Sample], name: str) -> Model:
    """Fit a model. Raises SettingsError where scikit-learn is not installed."""
    try:  # the service runs without it
        training = importlib.import_module("moderator.judgement.training.train")
    except ImportError as error:
        raise SettingsError("Training needs the extra 'train' (scikit-learn)") from error
    model: Model = training.train(samples, name)
    return model


def gather(rows: Iterable[Row], without: frozenset[str] = frozenset()) -> list[Sample]:
    """The training samples: shippable rows, the same with honest links, and the grammar's texts."""
    chance = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    book = phrasebook()
    people = list(_people(rows, without))
    ham = [sample for sample in people if not sample.is_spam and sample.weight == HAM_ONLY]
    linked = with_links(ham, book, chance)
    ours = [replace(each, text=plain(each.text, Format.HTML)) for each in written(book, chance)]
    linked += with_links([each for each in ours if not each.is_spam], book, chance, LINKED_OURS)
    spam = [sample for sample in (*people, *ours) if sample.is_spam]
    alike = [sample for sample in ours if not sample.is_spam]
    return [*people, *linked, *ours, *padded([*ham, *linked], spam, alike, chance)]


def _people(rows: Iterable[Row], without: frozenset[str]) -> Iterator[Sample]:
    usable = [row for row in rows if row.get("ship") and row["source"] not in without]
    mixed = {row["source"] for row in usable if row["label"] == "spam"}
    for row in usable:
        is_spam, is_sms = row["label"] == "spam", row.get("kind") == "sms"
        if is_spam and is_sms:
            continue  # its spam is of another kind, and costs honest long texts
        weight = SPAM if is_spam else HAM_BESIDE_SPAM if row["source"] in mixed else HAM_ONLY
        text = plain(str(row["text"]), Format.HTML)
        yield Sample(text, is_spam, str(row["source"]), SMS_HAM if is_sms else weight)
