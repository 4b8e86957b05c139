"""The two blogs of a run and the people who moderate, registered by the product's own commands."""

import json
import subprocess
from collections.abc import Sequence

from benchmarks.tree import Tree
from integrations.chaos.act import MAIN, PROBED
from integrations.chaos.desk import Moderator
from integrations.chaos.receiver import Receiver
from integrations.chaos.stage import Stage, here

PEOPLE = ("alice", "bob", "charlie")


def say(stage: Stage, tree: Tree, *words: str) -> str:
    """What a command prints. Raises CalledProcessError."""
    given = stage.environment("") | {
        "DATABASE_URL": stage.ground.store.url,
        "PYTHONPATH": str(tree.root),
    }
    done = subprocess.run(  # noqa: S603  # our own command
        tree.module("moderator", *words), env=given, cwd=tree.root, check=True,
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return done.stdout


def register(stage: Stage, quiet: Receiver) -> dict[str, str]:
    """Both blogs; their keys by their ids."""
    return {
        site: _add(stage, stage.tree, site, blog)
        for site, blog in ((MAIN, stage.receiver), (PROBED, quiet))
    }


def _add(stage: Stage, tree: Tree, site: str, blog: Receiver) -> str:
    there = f"127.0.0.1:{blog.port}"
    # Older versions had one allowance for callbacks and for what strangers name.
    sources = ["--allow-source", there] if tree == here() else []
    shown = say(
        stage, tree, "site", "add", site, "--json", "--url", "https://blog.example.org/",
        "--callback-url", blog.url, "--allow", there, *sources,
    )  # fmt: skip
    return str(json.loads(shown)["api_key"])


def people(stage: Stage) -> Sequence[Moderator]:
    """They have followed their one-time links."""
    found = []
    for name in PEOPLE:
        shown = say(stage, stage.tree, "admin", "create", name, "--site", MAIN)
        moderator = Moderator(stage.base, name, stage.ledger)
        moderator.come_in(shown.split()[0])
        found.append(moderator)
    return found
