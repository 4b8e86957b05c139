"""A check that the harness puts beside the product's own: it does what broken code would do.

It stands in the processes that the harness starts, and nowhere in the product. CHAOS_CLAIMS names
the file that gets a line each time it runs on a poison comment; CHAOS_HANG is in seconds.
"""

import os
import re
import signal
import time

import moderator.checks
from moderator.domain.check import Context
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission

POISON = re.compile(r"\bpoison-(raise|memory|exit|kill|hang)-")
NOTHING = Finding("poison", Signal.NEUTRAL, "It is no poison")


class Poison:
    name = "poison"

    def run(self, submission: Submission, context: Context) -> Finding:
        found = POISON.search(submission.text)
        if found is None:
            return NOTHING
        self._note(submission.platform_id)
        match found[1]:
            case "raise":
                raise ValueError("a check that raises")
            case "memory":
                raise MemoryError
            case "exit":
                raise SystemExit(1)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case _:
                time.sleep(float(os.environ["CHAOS_HANG"]))
        return NOTHING

    def _note(self, comment: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        file = os.open(os.environ["CHAOS_CLAIMS"], flags, 0o600)
        os.write(file, f"{comment}\n".encode())
        os.close(file)


def add() -> None:
    """Before anything that takes its checks from there is imported."""
    moderator.checks.LOCAL = (*moderator.checks.LOCAL, Poison())
