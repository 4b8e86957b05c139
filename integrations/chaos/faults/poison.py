"""Poison: a comment on which a check raises, ends the process, or hangs past its lease."""

from random import Random

from integrations.chaos.act import MAIN, Act
from integrations.chaos.clients import Sender
from integrations.chaos.events import created
from integrations.chaos.stage import Stage
from moderator.domain.queue import LEASES, MAX_ATTEMPTS, Job

QUICK = ("raise", "memory", "exit")
# These are claimed again only when their lease ends.
SLOW = ("kill", "hang")
LEASE = LEASES[Job.CHECK_LOCAL].total_seconds()
LONG = MAX_ATTEMPTS * (LEASE + 2) + 10  # seconds until a slow one is parked


class Poison:
    """`left` says how many seconds the run still has."""

    name = "poison"
    needs = 65
    weight = 1.5

    def __init__(self) -> None:
        self.sender: Sender | None = None
        self.left = 0.0
        self._count = 0
        self._slow: set[str] = set()

    def draw(self, stage: Stage, random: Random) -> Act | None:
        sender = self.sender
        if sender is None:
            return None
        kinds = [*QUICK]
        if self.left > LONG:  # one of each is enough: its whole batch waits for the lease
            kinds += [kind for kind in SLOW if kind not in self._slow]
        kind = random.choice(kinds)
        self._slow |= {kind} & {*SLOW}
        self._count += 1
        comment = f"poison-{self._count}"
        event = created(MAIN, comment, random, more=f"poison-{kind}-{self._count}")

        def run() -> None:
            with sender.ledger.writing():
                sender.ledger.poison[comment] = kind
            sender.send(MAIN, event, f"key-{comment}")

        return Act(f"poison: {kind}", frozenset({"poison"}), run, 0.5)
