"""One operator's command per file: NAME, HELP, configure(parser), run(arguments) -> exit code."""

import argparse
from typing import Protocol

from moderator.commands import (
    admin,
    database,
    deliveries,
    doctor,
    evaluate,
    judge,
    links,
    model,
    near,
    prepare,
    seed,
    site,
    train,
    up,
    verify,
    version,
)


class Command(Protocol):
    """What a module of this folder offers."""

    NAME: str
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


COMMANDS: tuple[Command, ...] = (
    up,
    prepare,
    database,
    admin,
    site,
    seed,
    doctor,
    deliveries,
    judge,
    links,
    near,
    model,
    evaluate,
    train,
    verify,
    version,
)
