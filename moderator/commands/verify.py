"""`moderator verify`: what the verification of a linkback sees, for an operator who wonders."""

import argparse
import asyncio
import json
import time
from typing import Any

from moderator.bootstrap.operator import build_fetcher
from moderator.commands import options
from moderator.domain.linkback.verification import Claim, Verification, verify_source
from moderator.domain.urls.parse import read

NAME = "verify"
HELP = "Show what the verification of a linkback from SOURCE to TARGET sees."


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="the page that says it links")
    parser.add_argument("target", metavar="TARGET", help="the page that is linked to")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="IP:PORT",
        help="an exact address that may be opened although it is not public",
    )  # fmt: skip
    parser.add_argument(
        "--host", action="append", default=[], metavar="HOST[:PORT]",
        help="the blog's own hosts (default: the target's)",
    )  # fmt: skip
    parser.add_argument(
        "--webmention", action="store_true", help="take images and JSON values for links too"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """0 whatever the verdict: the command did what it was asked."""
    target = read(arguments.target)
    own_hosts = options.hosts("--host", arguments.host)
    if not own_hosts and target is not None:
        own_hosts = frozenset({target.authority})
    claim = Claim(arguments.source, arguments.target, own_hosts, arguments.webmention)
    allowed = options.pairs("--allow", arguments.allow)
    fetcher, began = build_fetcher(), time.monotonic()
    seen = _as_json(asyncio.run(verify_source(claim, fetcher, allowed)))
    seen["milliseconds"] = round((time.monotonic() - began) * 1000)
    if arguments.json:
        print(json.dumps(seen, ensure_ascii=True))
    else:
        for key, value in seen.items():
            print(f"{key + ':':14} {_plain(value)}")
    return 0


def _as_json(seen: Verification) -> dict[str, Any]:
    return {
        "verdict": str(seen.verdict),
        "reason": seen.reason,
        "source": seen.claim.source,
        "target": seen.claim.target,
        "link": seen.link,
        "anchor_text": seen.context.anchor_text,
        "rel": seen.context.rel,
        "relation": seen.context.relation if seen.link else "",
        "excerpt": seen.context.excerpt,
        "title": seen.context.title,
        "author": seen.context.author,
        "flags": [str(flag) for flag in seen.flags],
        "tolerances": [str(tolerance) for tolerance in seen.tolerances],
        "status": seen.status,
        "final_url": seen.final_url,
        "hops": list(seen.hops),
    }


def _plain(value: object) -> str:
    """For a terminal: what a stranger wrote must not speak to it."""
    text = " -> ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
