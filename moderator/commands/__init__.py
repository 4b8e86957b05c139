"""One operator's command per file: NAME, HELP, configure(parser), run(arguments) -> exit code.

A file is imported when its command is asked for: judging a stream needs neither web nor database.
"""

import argparse
from collections.abc import Iterable
from importlib import import_module
from typing import Protocol, cast

# The command as it is typed, and the file that holds it.
COMMANDS = {
    "up": "up",
    "prepare": "prepare",
    "db": "database",
    "backup": "backup",
    "restore": "restore",
    "admin": "admin",
    "site": "site",
    "seed": "seed",
    "import": "import_history",
    "export": "export_history",
    "doctor": "doctor",
    "deliveries": "deliveries",
    "judge": "judge",
    "replay": "replay",
    "links": "links",
    "near": "near",
    "model": "model",
    "evaluate": "evaluate",
    "train": "train",
    "verify": "verify",
    "version": "version",
}


class Command(Protocol):
    """What a module of this folder offers."""

    NAME: str
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


def asked_for(arguments: Iterable[str]) -> list[Command]:
    """The command that is typed; all of them where none is."""
    first = next(iter(arguments), "")
    names = [first] if first in COMMANDS else list(COMMANDS)
    return [_load(name) for name in names]


def _load(name: str) -> Command:
    module = import_module(f"{__name__}.{COMMANDS[name]}")
    return cast("Command", module)  # a module is no class; tests hold each to it
