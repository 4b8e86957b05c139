"""`moderator seed --demo`: fill the demo site with a lively comment section to look at."""

import argparse
import secrets
from collections import Counter

from moderator.bootstrap.operator import seed_demo, statuses
from moderator.bootstrap.parts import clock
from moderator.commands.demo_site import DEMO, demo_key
from moderator.commands.demo_texts import demo_submissions
from moderator.settings import Settings

NAME = "seed"
HELP = "Fill the service with something to look at."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", required=True, help="the demo comments")


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.from_environment(arguments.environment)
    demo_key(settings)
    submissions = demo_submissions(DEMO, now=clock(), entropy=secrets.token_bytes)
    seed_demo(settings, submissions)
    found = statuses(settings, DEMO)
    for submission in submissions:
        who = submission.author.name or "somebody"
        print(f"{found.get(submission.platform_id, '?'):9} {submission.kind:9} {who}")
    counts = Counter(found.values())
    print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    print(f"Look at them: {settings.public()}/")
    return 0
