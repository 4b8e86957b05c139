"""`moderator site lists`: show, try and change a blog's denylist and allowlist."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from moderator.bootstrap.operator import open_site_management, open_trial
from moderator.domain.errors import InvalidError, NotFoundError
from moderator.domain.lists.compiled import CompiledList
from moderator.domain.lists.reading import refusals
from moderator.domain.policy import Policy
from moderator.settings import Settings
from moderator.usecases.offline.try_lists import EntryTrial, ListTrial, try_lists
from moderator.usecases.operate.sites import ListChange

AMONG = 10_000  # submissions that entries are tried on
SHOWN = 60  # characters of what was found


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    for option, what in (
        ("--deny", "put on the denylist"),
        ("--allow", "put on the allowlist"),
        ("--remove", "take off both"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="ENTRY", help=what)
    for option, what in (("--deny-from", "denylist"), ("--allow-from", "allowlist")):
        parser.add_argument(
            option, action="append", default=[], metavar="FILE",
            help=f"put each line of a file ('-': standard input) on the {what}; "
            "those that cannot be read as meant are told and left out",
        )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="only say what the entries would have named"
    )
    parser.add_argument(
        "--among", type=int, default=AMONG, metavar="N",
        help=f"try them on the newest N submissions (default {AMONG})",
    )  # fmt: skip
    parser.add_argument("--explain", action="store_true", help="say how each entry is read")


def run(arguments: argparse.Namespace) -> int:
    """Raises InvalidError when a single entry cannot be read as meant; nothing is changed then."""
    settings = Settings.from_environment(arguments.environment)
    deny = [*arguments.deny, *_from_files(arguments.deny_from)]
    allow = [*arguments.allow, *_from_files(arguments.allow_from)]
    if arguments.dry_run:
        return _try(settings, arguments, deny, allow)
    with open_site_management(settings) as enrolment:
        change = ListChange(deny, allow, arguments.remove)
        _show(enrolment.enrol.relist(arguments.id, change), in_full=arguments.explain)
    return 0


def _from_files(paths: Iterable[str]) -> list[str]:
    """The lines of files that can be read as meant; the others are told."""
    taken: list[str] = []
    for path in paths:
        lines = _lines(path)
        wrong = refusals(set(lines.values()))
        for number, entry in lines.items():
            if entry in wrong:
                sys.stderr.write(f"{path}:{number}: {wrong[entry]}\n")
        kept = dict.fromkeys(entry for entry in lines.values() if entry not in wrong)
        count = sum(entry in wrong for entry in lines.values())
        sys.stderr.write(f"{path}: {len(kept)} entries read, {count} lines refused\n")
        taken += kept
    return taken


def _lines(path: str) -> Mapping[int, str]:
    """The entries of a file by line; empty lines and remarks (`# ...`) are none."""
    try:
        whole = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        lines = whole.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"{path} cannot be read: {error}") from error
    entries = ((number, line.strip()) for number, line in enumerate(lines, start=1))
    return {number: e for number, e in entries if e and e != "#" and not e.startswith("# ")}


def _show(policy: Policy, *, in_full: bool) -> None:
    for word, entries in (("deny", policy.denylist), ("allow", policy.allowlist)):
        read = CompiledList(entries)
        meanings = {entry.typed: entry.meaning for entry in read.entries} if in_full else {}
        for entry in entries:
            meaning = meanings.get(entry.strip())
            print(f"{word:6}{entry}" + (f"\t{meaning}" if meaning else ""))
        for _, why in read.unread:
            sys.stderr.write(f"{word}: counts for nothing: {why}\n")


def _try(
    settings: Settings, arguments: argparse.Namespace, deny: list[str], allow: list[str]
) -> int:
    if wrong := refusals((*deny, *allow)):
        raise InvalidError("\n".join(wrong.values()))
    with open_trial(settings, arguments.id) as opened:
        if opened is None:
            raise NotFoundError(f"There is no site {arguments.id!r}")
        trial = try_lists(opened.recent, opened.site, deny, allow, arguments.among)
    _tell(trial, {entry.typed: entry.meaning for entry in CompiledList((*deny, *allow)).entries})
    return 0


def _tell(trial: ListTrial, meanings: Mapping[str, str]) -> None:
    for word, tried in (("deny", trial.denied), ("allow", trial.allowed)):
        for entry, named in tried.items():
            print(f"{word:6}{entry}\t{meanings[entry]}")
            print(f"      would have named {_counts(named)}")
            for submission, hit in named.newest:
                shown = " ".join(hit.at.split())[:SHOWN]
                print(f"      {submission.id} in the {hit.where}: {shown!r}")
    print(f"{trial.read} submissions read, the newest; nothing was changed")


def _counts(named: EntryTrial) -> str:
    parts = (f"{count} {status}" for status, count in sorted(named.by_status.items()))
    total = named.by_status.total()
    return f"{total}: {', '.join(parts)}" if total else "none"
