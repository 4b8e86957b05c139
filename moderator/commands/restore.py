"""`moderator restore FILE`: a backup into an empty database, on SQLite or PostgreSQL."""

import argparse
from pathlib import Path

from moderator.bootstrap.operator import open_backups
from moderator.commands.progress import counted
from moderator.settings import Settings

NAME = "restore"
HELP = "Read a backup into a database that is empty; it may be of the other kind."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    source: Path = arguments.file
    with (
        source.open("rb") as file,
        open_backups(settings, may_make=True) as backups,
        counted("rows restored") as told,
    ):
        counts = backups.restore(file, told)
    print(f"{sum(counts.values()):,} rows of {len(counts)} tables were restored from {source}")
    return 0
