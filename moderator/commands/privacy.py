"""`moderator privacy export|erase`: what a site has of one author."""

import argparse
import sys

from moderator.bootstrap.personal import open_personal
from moderator.domain.errors import InvalidError
from moderator.domain.pages.personal import AuthorQuery
from moderator.settings import Settings

NAME = "privacy"
HELP = "Show or erase what a site has of one author."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser(
        "export", help="Print all that is kept of an author, as JSON lines."
    )
    erase = actions.add_parser("erase", help="Erase it, as the blog's own deletion does.")
    for action in (export, erase):
        action.add_argument("--site", required=True)
        action.add_argument("--email", default="", help="the author's e-mail address")
        action.add_argument("--ip", default="", help="the author's address; with both, both count")
    erase.add_argument(
        "--no-rewrite", action="store_true",
        help="leave the database's free pages as they are: what was erased stands in them until"
        " they are written over",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when there is no such site, or the database's log could not be emptied."""
    asked = AuthorQuery(arguments.email, arguments.ip)
    if asked == AuthorQuery():
        raise InvalidError("Say whose it is: --email, --ip or both")
    settings = Settings.from_environment(arguments.environment)
    with open_personal(settings, arguments.site) as personal:
        if arguments.action == "export":
            for line in personal.export(asked):
                print(line)
            return 0
        count, named = personal.erase(asked), personal.named_in(asked)
        is_clean = arguments.no_rewrite or personal.scrub()
    print(f"{count} submissions erased.")
    for where in named:
        print(f"People named this author on purpose, which stays: {where}.")
    if not is_clean:
        sys.stderr.write("Something uses the database: run this once more to empty its log.\n")
    return 0 if is_clean else 1
