"""`moderator backup FILE`: all rows, as they were at one moment, in a file only you can read."""

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from moderator.bootstrap.operator import open_backups
from moderator.commands.progress import counted
from moderator.settings import Settings

NAME = "backup"
HELP = "Write the whole database to a file, while the service runs."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="takes the place of an earlier one when whole")


def run(arguments: argparse.Namespace) -> int:
    target: Path = arguments.file
    now = datetime.now(UTC).isoformat()  # noqa: TID251  # a command is an entry point
    settings = Settings.from_environment(arguments.environment)
    with open_backups(settings) as backups, counted("rows written") as told:
        # mkstemp makes it 0600; it holds the sites' secrets and what visitors wrote.
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                counts = backups.write(file, now, told)
                os.fsync(file.fileno())
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    print(f"{sum(counts.values()):,} rows of {len(counts)} tables are in {target}")
    return 0
