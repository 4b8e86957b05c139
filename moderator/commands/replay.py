"""`moderator replay`: how verdicts of the past would change under other thresholds."""

import argparse
from collections import Counter
from dataclasses import replace

from moderator.bootstrap.operator import open_replay
from moderator.commands.progress import shown
from moderator.domain.errors import NotFoundError
from moderator.domain.policy import Moderation, Policy
from moderator.domain.verdict import Verdict
from moderator.settings import Settings
from moderator.usecases.offline.replay import ReplayedVerdict

NAME = "replay"
HELP = "Judge again what a site was sent, by other thresholds, and print what would change."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True)
    parser.add_argument("--hold", type=float, help="hold from this score on (default: as it is)")
    parser.add_argument("--spam", type=float, help="spam from this score on (default: as it is)")
    parser.add_argument("--each", action="store_true", help="name each submission that changes")


def run(arguments: argparse.Namespace) -> int:
    """Nothing is written. Raises NotFoundError when there is no such site."""
    settings = Settings.from_environment(arguments.environment)
    with open_replay(settings, arguments.site, lambda now: _policy(now, arguments)) as replayed:
        if replayed is None:
            raise NotFoundError(f"There is no site {arguments.site}")
        changes: Counter[tuple[Verdict, Verdict]] = Counter()
        words: Counter[tuple[Verdict, Verdict]] = Counter()
        for one in shown(replayed, "submissions judged again"):
            changes[one.record.verdict, one.verdict] += 1
            if one.record.by_person is not None:
                words[one.record.by_person, one.verdict] += 1
            if arguments.each and one.verdict is not one.record.verdict:
                print(_line(one))
    print(f"{changes.total()} submissions judged again; nothing was changed")
    for (before, after), count in sorted(changes.items()):
        print(f"{count:7} {before} -> {after}" if before is not after else f"{count:7} {before}")
    print(f"{words.total()} of them a person decided")
    for (said, after), count in sorted(words.items()):
        print(f"{count:7} a person said {said}: {after}")
    return 0


def _policy(now: Policy, arguments: argparse.Namespace) -> Policy:
    """As if the site did not only observe: what it would do is what is asked."""
    hold, spam = arguments.hold, arguments.spam
    return replace(
        now,
        moderation=Moderation.USUAL if now.observes else now.moderation,
        hold_at=now.hold_at if hold is None else hold,
        spam_at=now.spam_at if spam is None else spam,
    )


def _line(one: ReplayedVerdict) -> str:
    record = one.record
    return (
        f"{record.submission.id} {record.verdict} {record.score:.2f}"
        f" -> {one.verdict} {one.score:.2f}"
    )
