"""`moderator db upgrade`: bring the database to this version's schema."""

import argparse

from moderator.bootstrap.operator import opened
from moderator.settings import Settings

NAME = "db"
HELP = "Look after the database."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="Bring the schema to this version.")


def run(arguments: argparse.Namespace) -> int:
    with opened(Settings.from_environment(arguments.environment), may_make=True) as database:
        print(f"The database is up to date: {database.engine.url.render_as_string()}")
    return 0
