"""`moderator version`: which version this is."""

import argparse

from moderator import __version__

NAME = "version"
HELP = "Print the version."


def configure(parser: argparse.ArgumentParser) -> None:
    """Takes no arguments."""


def run(_arguments: argparse.Namespace) -> int:
    print(__version__)
    return 0
