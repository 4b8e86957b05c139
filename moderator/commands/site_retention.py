"""`moderator site retention`: show and change how long a blog keeps what people wrote."""

import argparse
from collections.abc import Mapping
from dataclasses import replace

from moderator.bootstrap.operator import open_site_management
from moderator.domain.errors import InvalidError
from moderator.domain.timing.retention import FOREVER, Part, Retention, RetentionChoice, read_days
from moderator.settings import Settings

USUAL = "usual"
OPTIONS: Mapping[Part, tuple[str, str]] = {
    Part.ADDRESSES: ("addresses", "e-mail and IP addresses"),
    Part.WORDS: ("refused", "the words of spam and of what was thrown away"),
    Part.PAGES: ("pages", "what the sources of linkbacks said"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    for name, what in OPTIONS.values():
        parser.add_argument(
            f"--{name}", metavar="DAYS",
            help=f"days after the decision that {what} are kept; {FOREVER}: for ever,"
            f" '{USUAL}': as the installation has it",
        )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Raises NotFoundError, InvalidError."""
    settings = Settings.from_environment(arguments.environment)
    with open_site_management(settings) as management:
        choice, kept = management.retention.of(arguments.id)
        wanted = _wanted(arguments, choice)
        if wanted != choice:
            kept = management.retention(arguments.id, wanted)
    show(wanted, kept)
    return 0


def _wanted(arguments: argparse.Namespace, choice: RetentionChoice) -> RetentionChoice:
    given: dict[str, int | None] = {}
    for part, (name, _) in OPTIONS.items():
        typed = getattr(arguments, name)
        if typed is not None:
            try:
                given[part.value] = read_days(typed, USUAL)
            except ValueError as error:
                raise InvalidError(f"--{name} {typed!a}: {error}") from error
    return replace(choice, **given)


def show(choice: RetentionChoice, kept: Retention) -> None:
    """Each part with its days, and whether they are the installation's."""
    for part, (name, what) in OPTIONS.items():
        days = kept.days(part)
        told = "for ever" if days == FOREVER else f"{days} days"
        chosen = "" if choice.days(part) is not None else f" ({USUAL})"
        print(f"{name:10} {told}{chosen}: {what}")
