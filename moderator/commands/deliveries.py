"""`moderator deliveries retry`: send dead letters again."""

import argparse

from moderator.bootstrap.operator import revive_deliveries
from moderator.settings import Settings

NAME = "deliveries"
HELP = "Look after callbacks."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    retry = actions.add_parser("retry", help="Queue callbacks that were given up once more.")
    retry.add_argument("--site", help="only of this site")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    print(f"{revive_deliveries(settings, arguments.site)} callbacks are queued again.")
    return 0
