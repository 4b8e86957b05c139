"""Slow clients: fifty connections that send a byte now and then, heads and bodies."""

import socket
import time
from contextlib import ExitStack, suppress
from random import Random

from integrations.chaos.act import Act
from integrations.chaos.stage import Stage

COUNT = 50
HEAD = (
    "POST /v1/submissions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Authorization: Bearer {key}\r\nContent-Length: 4000\r\n"
)


class Slow:
    name = "slow"
    needs = 20
    weight = 0.7

    def __init__(self) -> None:
        self.key = ""  # a site's, as any client has one

    def draw(self, stage: Stage, random: Random) -> Act | None:
        seconds = random.uniform(4, 8)
        return Act(
            f"{COUNT} slow clients {seconds:.1f} s", frozenset({"slow"}),
            lambda: _drip(stage, self.key, seconds), seconds,
        )  # fmt: skip


def _drip(stage: Stage, key: str, seconds: float) -> None:
    head = HEAD.format(key=key).encode()
    address = ("127.0.0.1", stage.ground.proxies.ports["web"])
    with ExitStack() as stack:
        drips: list[tuple[socket.socket, bytes]] = []
        for number in range(COUNT):
            with suppress(OSError):
                one = stack.enter_context(socket.create_connection(address, timeout=2))
                if number % 2:
                    one.sendall(head + b"\r\n")
                drips.append((one, b"a" if number % 2 else head))
        until, sent = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            for one, of in drips:
                with suppress(OSError):
                    one.send(of[sent % len(of) :][:1])
            sent += 1
            time.sleep(0.25)
