"""Redis: restarted without persistence, emptied, hung."""

import time
from random import Random

import redis

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage

TOUCHES = frozenset({"redis"})


class Redis:
    name = "redis"
    needs = 20
    weight = 4.0

    def draw(self, stage: Stage, random: Random) -> Act | None:
        server = stage.ground.redis
        seconds = random.uniform(0.2, 4)
        match random.choice(("restart", "flush", "stop")):
            case "restart":
                return Act(
                    f"Redis away {seconds:.1f} s",
                    TOUCHES,
                    lambda: _restart(stage, seconds),
                    seconds,
                )
            case "flush":
                return Act("FLUSHALL", TOUCHES, lambda: _flush(server.port), 0.1)
            case _:
                return Act(
                    f"SIGSTOP Redis {seconds:.1f} s",
                    TOUCHES,
                    lambda: _hang(stage, seconds),
                    seconds,
                )


def _restart(stage: Stage, seconds: float) -> None:
    stage.ground.redis.stop()
    time.sleep(seconds)
    stage.ground.redis.start()


def _flush(port: int) -> None:
    with redis.Redis(port=port) as client:
        client.flushall()


def _hang(stage: Stage, seconds: float) -> None:
    stage.ground.redis.hang()
    time.sleep(seconds)
    stage.ground.redis.resume()
