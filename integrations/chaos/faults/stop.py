"""SIGSTOP: of workers past the lease of what they hold, of the others for some seconds."""

import signal
import time
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import ROLES, Stage
from moderator.domain.queue import LEASES, Job

PAST = (Job.CHECK_LOCAL, Job.DELIVER)


class Stop:
    name = "stop"
    needs = 60
    weight = 2.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        role = random.choice(ROLES)
        names = stage.names(role)
        if not names:
            return None
        name = random.choice(names)
        seconds = random.uniform(1, 4)
        if role.startswith("worker"):
            seconds = LEASES[random.choice(PAST)].total_seconds() + random.uniform(1, 4)
        what = f"SIGSTOP {name} {seconds:.1f} s"
        # Of the two workers one stays: who is left must do the work.
        touches = {"worker", "worker2"} if role.startswith("worker") else {role}
        return Act(what, frozenset(touches), lambda: _stop(stage, name, seconds), seconds)


def _stop(stage: Stage, name: str, seconds: float) -> None:
    stage.signal(name, signal.SIGSTOP)
    time.sleep(seconds)
    stage.signal(name, signal.SIGCONT)
