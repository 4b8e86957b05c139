"""The disk under the database is full for some seconds."""

import time
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage
from integrations.chaos.stores import PostgresStore

TOUCHES = frozenset({"database"})


class FullDisk:
    name = "disk"
    needs = 60
    weight = 2.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        seconds = random.uniform(0.5, 3)
        return Act(
            f"disk full {seconds:.1f} s", TOUCHES, lambda: _fill(stage, seconds), seconds + 1
        )


def _fill(stage: Stage, seconds: float) -> None:
    disk = stage.ground.disk
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        disk.fill(stage.pids())  # what is freed meanwhile is taken as well
        time.sleep(0.25)
    disk.free(stage.pids())
    store = stage.ground.store
    if isinstance(store, PostgresStore):  # it may have crashed: no log could be written
        stage.wait_until(store.answers, 60)
