"""`moderator doctor`: is everything there that the service needs, and does it answer?"""

import argparse
import json

from moderator.bootstrap.operator import check_health
from moderator.settings import Settings

NAME = "doctor"
HELP = "Look whether everything that is needed is there and answers."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """0 when all is well, 1 when something that is needed fails."""
    symptoms = check_health(Settings.from_environment(arguments.environment))
    if arguments.json:
        print(
            json.dumps([{"what": s.what, "state": s.state, "detail": s.detail} for s in symptoms])
        )
    else:
        for symptom in symptoms:
            print(f"{symptom.state:5} {symptom.what:10} {symptom.detail}")
    return 1 if any(symptom.state == "fail" for symptom in symptoms) else 0
