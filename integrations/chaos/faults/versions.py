"""An old version beside the new one: first while the database is migrated, later as a way back.

A run with this kind begins with a database and processes of the old version. The first fault
migrates below them, starts the new ones beside, and ends the old ones after a while; each later one
puts an old worker and an old web beside the new ones for some seconds.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.tree import ROOT, Tree
from integrations.chaos.act import Act, together
from integrations.chaos.options import UsageError
from integrations.chaos.stage import ROLES, Stage, here


@contextmanager
def old_tree(revision: str, folder: Path) -> Iterator[Tree]:
    """That commit's files, run by this Python and its packages. Raises UsageError."""
    root, archive = folder / f"old-{revision}", folder / "old.tar"
    try:
        subprocess.run(  # noqa: S603
            ["git", "archive", "--output", str(archive), revision, "moderator", "workers"],  # noqa: S607
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        raise UsageError(
            f"FAULTS=versions: needs git and the commit {revision} in this checkout"
        ) from None
    with tarfile.open(archive) as packed:
        packed.extractall(root, filter="data")
    try:
        yield Tree(revision, root, Path(sys.executable))
    finally:
        shutil.rmtree(root)


# The old version has the faults that were mended since (docs/reliability.md): it waits for ever for
# a database that answers nothing, and writes by its own clock.
TOUCHES = frozenset({"versions", "clock", "database"})


class Versions:
    name = "versions"
    needs = 60
    weight = 0.5

    def __init__(self) -> None:
        self.old: Tree | None = None
        self._is_migrated = False
        self._count = 0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        old = self.old
        if old is None:
            return None
        seconds = random.uniform(2, 5)
        self._count += 1
        if self._is_migrated:
            what = f"{old.name} beside the new version for {seconds:.1f} s"
            return Act(
                what,
                TOUCHES,
                lambda: self._beside(stage, old, seconds),
                seconds + 6,
            )
        return Act(
            f"migration from {old.name}, both beside each other for {seconds:.1f} s",
            TOUCHES, lambda: self._migrate(stage, seconds),
            seconds + 12,
        )  # fmt: skip

    def _migrate(self, stage: Stage, seconds: float) -> None:
        self._is_migrated = True
        upgrade(stage, here())
        stage.tree = here()
        old = {role: stage.names(role)[0] for role in ROLES}
        for role in ROLES:
            stage.start(f"{role}:new", stage.tree)
        stage.wait_until(lambda: stage.answers("web:new"), 90)
        stage.lead()
        time.sleep(seconds)
        together([partial(stage.end, name) for name in old.values()])

    def _beside(self, stage: Stage, old: Tree, seconds: float) -> None:
        names = [f"{role}:old{self._count}" for role in ("web", "worker")]
        for name in names:
            stage.start(name, old)
        stage.wait_until(lambda: stage.answers(names[0]), 60)
        stage.lead()
        time.sleep(seconds)
        together([partial(stage.end, name) for name in names])


def upgrade(stage: Stage, tree: Tree) -> None:
    """The schema of a tree, by its own command, past every proxy."""
    given = stage.environment("") | {"DATABASE_URL": stage.ground.store.url}
    given["PYTHONPATH"] = str(tree.root)
    why = ""
    for number in range(10):  # a migration waits for locks with little patience, as an operator has
        done = subprocess.run(  # noqa: S603  # our own command
            [*tree.module("moderator", "db", "upgrade")], env=given, cwd=tree.root, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if done.returncode == 0:
            return
        why = done.stderr[-2000:]
        time.sleep(0.3 * (number + 1))
    raise RuntimeError(f"{tree.name}: db upgrade failed{os.linesep}{why}")
