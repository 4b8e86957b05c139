"""`moderator doctor`: is everything there that the service needs, and does it answer?"""

import argparse
import json

from moderator.bootstrap.operate.doctor import check_health
from moderator.commands.progress import during
from moderator.settings import Settings
from moderator.usecases.operate.health import HealthCheck

NAME = "doctor"
HELP = "Look whether everything that is needed is there and answers, and say what to do."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--offline",
        action="store_true",
        help="ask no blog for its callback address (with a signed event about nothing),"
        " not Akismet, not PUBLIC_URL, no mail server and no blocklist",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all is well, 1 when something that is needed fails."""
    settings = Settings.from_environment(arguments.environment)
    with during("Looking and asking"):
        found = check_health(settings, asks_others=not arguments.offline)
    if arguments.json:
        print(json.dumps([_told(check) for check in found]))
    else:
        for check in found:
            print(f"{check.state:5} {check.what:10} {check.detail}")
            if check.cure:
                print(f"{'':16} → {check.cure}")
    return 1 if any(check.state == "fail" for check in found) else 0


def _told(check: HealthCheck) -> dict[str, str]:
    told = {"what": check.what, "state": str(check.state), "detail": check.detail}
    return told | ({"cure": check.cure} if check.cure else {})
