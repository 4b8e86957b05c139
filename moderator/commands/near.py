"""`moderator near rebuild`: reads the texts of the last days into the index of near copies."""

import argparse
import time

from moderator.bootstrap.operator import rebuild_near
from moderator.commands.progress import counted
from moderator.domain.errors import SettingsError
from moderator.settings import Settings

NAME = "near"
HELP = "Look after the index of near copies in Redis."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser(
        "rebuild", help="Read all it should know again; the sweeper does so by itself when needed."
    )


def run(arguments: argparse.Namespace) -> int:
    """Print how many comments were read, and how long it took. Raises SettingsError when Redis does
    not answer.
    """
    started = time.monotonic()
    with counted("comments read") as told:
        count = rebuild_near(Settings.from_environment(arguments.environment), told)
    if count is None:
        raise SettingsError("REDIS_URL names no Redis that answers")
    print(f"{count} comments were read in {time.monotonic() - started:.1f} s.")
    return 0
