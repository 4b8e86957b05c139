"""The blog's callback address fails, closes, hangs, answers in pieces or in part, or is gone."""

import time
from random import Random

from integrations.chaos.act import MAIN, Act
from integrations.chaos.receiver import MODES
from integrations.chaos.stage import Stage

TOUCHES = frozenset({"receiver"})


class Blog:
    name = "receiver"
    needs = 30
    weight = 4.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        blog = stage.receiver
        mode = random.choice((*MODES, "gone"))
        seconds = random.uniform(0.5, 3)
        if mode == "hang" and random.random() < 0.3:
            seconds = 12.0  # longer than we wait for an answer

        def run() -> None:
            if mode == "gone":
                blog.go()
                time.sleep(seconds)
                blog.come_back()
            else:
                blog.misbehave(mode)
                time.sleep(seconds)
                blog.misbehave("take")

        return Act(f"receiver: {mode} {seconds:.1f} s", TOUCHES, run, seconds, MAIN)
