"""`moderator privacy export|erase|scrub`: what a site has of one author, and what is left of it."""

import argparse
import sys

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.personal import PersonalData, open_personal, open_scrub
from moderator.commands.progress import during, shown
from moderator.domain.errors import InvalidError
from moderator.domain.pages.audit import AuditAct
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
    actions.add_parser(
        "scrub", help="Empty the database's free pages and its log of what was taken away in time."
    )
    erase.add_argument(
        "--no-rewrite", action="store_true",
        help="leave the database's free pages as they are: what was erased stands in them until"
        " they are written over",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """0; 1 when there is no such site, or the database's log could not be emptied."""
    settings = Settings.from_environment(arguments.environment)
    if arguments.action == "scrub":
        with open_scrub(settings) as scrub:
            return _told(is_clean=scrub())
    asked = AuthorQuery(arguments.email, arguments.ip)
    if asked == AuthorQuery():
        raise InvalidError("Say whose it is: --email, --ip or both")
    with open_personal(settings, arguments.site) as personal:
        if arguments.action == "erase":
            return _erase(personal, asked, rewrites=not arguments.no_rewrite)
        for line in shown(personal.export(asked), "submissions shown"):
            print(line)
    return 0


def _erase(personal: PersonalData, asked: AuthorQuery, *, rewrites: bool) -> int:
    with during("Erasing"):
        count, named = personal.erase(asked), personal.named_in(asked)
    if count:
        site_id, detail = personal.site_id, f"{count} submissions"
        note(personal.settings, AuditAct.ERASED, site_id=site_id, detail=detail)
    with during("Rewriting the database, so that no byte is left"):
        is_clean = not rewrites or personal.scrub()
    print(f"{count} submissions erased.")
    for where in named:
        print(f"People named this author on purpose, which stays: {where}.")
    return _told(is_clean=is_clean)


def _told(*, is_clean: bool) -> int:
    if not is_clean:
        sys.stderr.write("Something uses the database: run this once more to empty its log.\n")
    return 0 if is_clean else 1
