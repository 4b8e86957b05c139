"""`moderator admin`: people who may log in; a password is theirs alone to choose."""

import argparse

from moderator.bootstrap.operate.noted import note
from moderator.bootstrap.operator import open_accounts, open_sign_in, welcome_link
from moderator.bootstrap.parts import clock
from moderator.domain.account import Account, Role
from moderator.domain.errors import InvalidError
from moderator.domain.pages.audit import AuditAct
from moderator.settings import Settings
from moderator.usecases.moderate.sign_in import LINK_LIFETIME

NAME = "admin"
ACTS = {
    "create": AuditAct.INVITED,
    "link": AuditAct.LINKED,
    "logout": AuditAct.LOGGED_OUT,
    "disable": AuditAct.DISABLED,
    "enable": AuditAct.ENABLED,
}
HELP = "Let moderators in, and keep them out."


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
    actions.add_parser("list", help="List the moderators, and how many sessions each has.")
    for action, help_ in (
        ("link", "New one-time link for who has lost the password."),
        ("logout", "End all sessions of a moderator."),
        ("disable", "End all sessions and links of a moderator, who cannot log in any more."),
        ("enable", "Let a disabled moderator log in again."),
    ):
        actions.add_parser(action, help=help_).add_argument("name")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    if arguments.action in {"create", "link"}:
        _invite(arguments, settings)
    else:
        _manage(arguments, settings)
    return 0


def _invite(arguments: argparse.Namespace, settings: Settings) -> None:
    with open_sign_in(settings, may_make=arguments.action == "create") as sign_in:
        if arguments.action == "create":
            role, sites = Role(arguments.role), tuple(arguments.site)
            if role is Role.MODERATOR and not sites:
                raise InvalidError("A moderator without a --site would see nothing")
            token = sign_in.invite(arguments.name, role, sites, now=clock())
        else:
            token = sign_in.renew(arguments.name, now=clock())
    _note(arguments, settings)
    hours = int(LINK_LIFETIME.total_seconds()) // 3600
    print(welcome_link(settings, token))
    print(f"Works once, within {hours} hours; whoever opens it chooses the password.")


def _manage(arguments: argparse.Namespace, settings: Settings) -> None:
    with open_accounts(settings) as accounts:
        match arguments.action:
            case "list":
                for account in accounts.all(clock()):
                    print(_line(account))
                return
            case "logout":
                count = accounts.end_sessions(arguments.name, clock())
                print(f"{count} sessions of {arguments.name} were ended.")
            case "disable":
                accounts.disable(arguments.name, clock())
                print(f"{arguments.name} is logged out and cannot log in any more.")
            case _:
                accounts.enable(arguments.name)
                print(f"{arguments.name} may log in again, with the password as it was.")
    _note(arguments, settings)


def _note(arguments: argparse.Namespace, settings: Settings) -> None:
    is_new = arguments.action == "create"
    detail = f"{arguments.role}: {', '.join(arguments.site)}" if is_new else ""
    note(settings, ACTS[arguments.action], arguments.name, detail=detail.rstrip(": "))


def _line(account: Account) -> str:
    who = account.moderator
    state = "active" if account.has_password else "invited"
    if account.disabled_at is not None:
        state = f"disabled since {account.disabled_at:%Y-%m-%d}"
    sees = "every site" if who.scope is None else ", ".join(who.scope) or "nothing"
    return f"{who.name:20} {who.role:10} {state:24} {account.sessions:3} sessions  {sees}"
