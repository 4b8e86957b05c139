"""`moderator links recheck`: are the links of approved comments still alive?"""

import argparse
import asyncio
import sys

from moderator.bootstrap.operator import Recheck, open_recheck
from moderator.commands.progress import Progress
from moderator.domain.errors import NotFoundError
from moderator.domain.ports import Fate
from moderator.settings import Settings

NAME = "links"
HELP = "Look after the links of what is shown."
FINE = frozenset({Fate.OK, Fate.SHORTENER})


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    recheck = actions.add_parser(
        "recheck", help="Ask all links of approved comments again; queue linkbacks for a look."
    )
    recheck.add_argument("--site", required=True, help="the site's id")


def run(arguments: argparse.Namespace) -> int:
    """Print each link that is not fine; verdicts stay as they are."""
    settings = Settings.from_environment(arguments.environment)
    with open_recheck(settings, arguments.site) as recheck:
        if recheck is None:
            raise NotFoundError(f"There is no site {arguments.site!a}")
        print(f"{recheck.store.reverify_now(recheck.site.id)} linkbacks are queued for a look.")
        comments, links = asyncio.run(_show(recheck))
    print(f"{links} links in {comments} comments were asked.")
    return 0


async def _show(recheck: Recheck) -> tuple[int, int]:
    comments = links = 0
    progress = Progress(sys.stderr, "comments asked")
    async for submission, finding in recheck.links(recheck.site, recheck.now):
        progress.end()
        fates = finding.evidence["links"]
        told = [fate for fate in fates if isinstance(fate, dict)] if isinstance(fates, list) else []
        comments, links = comments + 1, links + len(told)
        for fate in told:
            if fate["fate"] not in FINE:
                # For a terminal: what a stranger wrote must not speak to it.
                line = f"{submission.platform_id}: {fate['fate']} {fate['url']}"
                print(ascii(line)[1:-1], fate.get("status") or "")
        progress(comments)
    progress.end()
    return comments, links
