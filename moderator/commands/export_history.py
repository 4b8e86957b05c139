"""`moderator export --site S`: everything of a blog as JSON lines, for `moderator import`."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from moderator.bootstrap.history import open_export
from moderator.commands.progress import counted
from moderator.domain.errors import InvalidError
from moderator.settings import Settings

NAME = "export"
HELP = "Write everything that was sent and decided of a blog, as JSON lines."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True)
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="a new file (default: standard output)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Raises NotFoundError when there is no such site, InvalidError for a file that is there."""
    settings = Settings.from_environment(arguments.environment)
    with open_export(settings, arguments.site) as export, counted("records written") as told:
        if arguments.output is None:
            export(_counting(sys.stdout.buffer.write, told))
            return 0
        with _private(arguments.output) as file:
            count = export(_counting(file.write, told))
    print(f"{count:,} records in {arguments.output}")
    return 0


def _counting(
    write: Callable[[bytes], object], told: Callable[[int], None]
) -> Callable[[bytes], object]:
    """Each call writes a line."""

    def counting(line: bytes) -> None:
        write(line)
        told(1)

    return counting


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone: what visitors wrote is in it."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            yield file
    except OSError as error:
        raise InvalidError(f"{path} cannot be written: {error.strerror}") from error
