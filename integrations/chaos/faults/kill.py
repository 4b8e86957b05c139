"""kill -9 of web, worker or sweeper; the supervisor starts it again."""

import time
from contextlib import suppress
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import ROLES, Stage


class Kill:
    name = "kill"
    needs = 60
    weight = 4.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        role = random.choice(ROLES)
        names = stage.names(role)
        if not names:
            return None
        name = random.choice(names)
        return Act(f"kill -9 {name}", frozenset({role}), lambda: _kill(stage, name))


def _kill(stage: Stage, name: str) -> float:
    """It may be killed again once it has come up."""
    sign = stage.sign(name)
    stage.kill(name)
    over = time.monotonic()
    with suppress(TimeoutError):  # where the database is away it cannot show that it is up
        stage.wait_until(lambda: stage.sign(name) not in ("", sign), 20)
    return over
