"""`moderator deliveries retry`: send dead letters again."""

import argparse

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.operator import revive_deliveries
from moderator.domain.pages.audit import AuditAct
from moderator.settings import Settings

NAME = "deliveries"
HELP = "Look after callbacks."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    retry = actions.add_parser("retry", help="Queue callbacks that were given up once more.")
    retry.add_argument("--site", help="only of this site")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    count = revive_deliveries(settings, arguments.site)
    if count:
        note(
            settings, AuditAct.SENT_AGAIN, site_id=arguments.site or "", detail=f"{count} callbacks"
        )
    print(f"{count} callbacks are queued again.")
    return 0
