"""A machine's clock is an hour ahead or behind for some seconds, and then right again.

On SQLite there is one machine. On PostgreSQL the web, the workers and the database may each be one.
"""

import time
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage

HOUR = 3600


class Clock:
    name = "clock"
    needs = 60
    weight = 2.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        clocks = stage.ground.clocks
        machine = random.choice(clocks.machines)
        ahead = random.choice((HOUR, -HOUR))
        seconds = random.uniform(2, 6)
        what = f"clock of {machine} {ahead:+d} s for {seconds:.1f} s"

        def run() -> None:
            clocks.set(machine, ahead)
            time.sleep(seconds)
            clocks.set(machine, 0)

        return Act(what, frozenset({"clock"}), run, seconds)
