"""`moderator restore FILE`: a backup into an empty database, on SQLite or PostgreSQL."""

import argparse
import sys
from pathlib import Path

from moderator.bootstrap.operator import open_backups
from moderator.commands.progress import Progress
from moderator.settings import Settings

NAME = "restore"
HELP = "Read a backup into a database that is empty; it may be of the other kind."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    progress, done = Progress(sys.stderr, "rows restored"), 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done)

    settings = Settings.from_environment(arguments.environment)
    source: Path = arguments.file
    with source.open("rb") as file, open_backups(settings, may_make=True) as backups:
        counts = backups.restore(file, told)
    progress.end()
    print(f"{sum(counts.values()):,} rows of {len(counts)} tables were restored from {source}")
    return 0
