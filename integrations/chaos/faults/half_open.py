"""Half-open: a proxy swallows all that is said to Redis or PostgreSQL and says nothing itself.

What was open then stays swallowed; only new connections lead anywhere afterwards.
"""

import time
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage


class HalfOpen:
    name = "half-open"
    needs = 60
    weight = 3.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        targets = ("redis", "database") if stage.is_postgres else ("redis",)
        target = random.choice(targets)
        seconds = random.uniform(0.5, 4)
        what = f"half-open to {target} {seconds:.1f} s"
        return Act(
            what, frozenset({target}), lambda: _swallow(stage, target, seconds), seconds
        )  # fmt: skip


def _swallow(stage: Stage, target: str, seconds: float) -> None:
    stage.ground.proxies.set(target, "swallow")
    time.sleep(seconds)
    stage.ground.proxies.set(target, "pass")
