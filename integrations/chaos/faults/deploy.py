"""A deploy: of one role the new process starts, then the old one is ended by SIGTERM."""

from contextlib import suppress
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import ROLES, Stage


class Deploy:
    name = "deploy"
    needs = 45
    weight = 1.5

    def __init__(self) -> None:
        self._count = 0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        role = random.choice(ROLES)
        names = stage.names(role)
        if len(names) != 1:
            return None
        self._count += 1
        new = f"{role}:{self._count}"
        what = f"deploy {role}"
        return Act(what, frozenset({role}), lambda: _deploy(stage, names[0], new), 8)


def _deploy(stage: Stage, old: str, new: str) -> None:
    sign = stage.sign(new) if new.startswith("sweeper") else ""
    stage.start(new)
    with suppress(TimeoutError):  # where the database is away it cannot show that it is up
        stage.wait_until(lambda: stage.sign(new) not in ("", sign), 30)
    stage.lead()
    stage.end(old)
