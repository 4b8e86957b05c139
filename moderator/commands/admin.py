"""`moderator admin create|link`: people who may log in; a password is theirs alone to choose."""

import argparse

from moderator.bootstrap.operator import open_sign_in, welcome_link
from moderator.bootstrap.parts import clock
from moderator.domain.account import Role
from moderator.domain.errors import InvalidError
from moderator.settings import Settings
from moderator.usecases.sign_in import LINK_LIFE

NAME = "admin"
HELP = "Create moderators and their one-time links."


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="Create a moderator; prints a one-time link.")
    create.add_argument("name", help="what they log in with")
    create.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.MODERATOR.value,
        help="an admin sees every site, a moderator the sites given (default: moderator)",
    )
    create.add_argument("--site", action="append", default=[], help="a site to moderate")
    link = actions.add_parser("link", help="New one-time link for who has lost the password.")
    link.add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    with open_sign_in(settings) as sign_in:
        if arguments.action == "create":
            role, sites = Role(arguments.role), tuple(arguments.site)
            if role is Role.MODERATOR and not sites:
                raise InvalidError("A moderator without a --site would see nothing")
            token = sign_in.invite(arguments.name, role, sites, now=clock())
        else:
            token = sign_in.renew(arguments.name, now=clock())
    hours = int(LINK_LIFE.total_seconds()) // 3600
    print(welcome_link(settings, token))
    print(f"Works once, within {hours} hours; whoever opens it chooses the password.")
    return 0
