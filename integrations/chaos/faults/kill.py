"""kill -9 of web, worker or sweeper; the supervisor starts it again."""

from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import ROLES, Stage


class Kill:
    name = "kill"
    needs = 60
    weight = 3.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        role = random.choice(ROLES)
        names = stage.names(role)
        if not names:
            return None
        name = random.choice(names)
        return Act(f"kill -9 {name}", frozenset({role}), lambda: _kill(stage, name))


def _kill(stage: Stage, name: str) -> None:
    before = stage.processes[name]
    stage.kill(name)
    stage.wait_until(lambda: stage.processes.get(name) is not before, 20)
    if name.startswith("web"):
        stage.wait_until(lambda: stage.answers(name), 30)
