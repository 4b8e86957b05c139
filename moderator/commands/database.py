"""`moderator db upgrade`: bring the database to this version's schema."""

import argparse

from moderator.bootstrap.operate.opened import opened
from moderator.commands.progress import during
from moderator.settings import Settings

NAME = "db"
HELP = "Look after the database."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="Bring the schema to this version.")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    with during("Bringing the schema up"), opened(settings, may_make=True) as database:
        url = database.engine.url.render_as_string()
    print(f"The database is up to date: {url}")
    return 0
