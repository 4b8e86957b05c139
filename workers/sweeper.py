"""The sweeper: it looks for work that no hint announced, and does it when nobody can be told.

It needs no Redis. Beside that it keeps the house: it mends the index of near copies when Redis was
emptied or away, and clears away what has had its time.
"""

import os
import signal
import threading
from types import FrameType

from moderator.bootstrap.parts import set_up_logging
from moderator.bootstrap.worker import Sweeper, build_sweeper
from moderator.settings import Settings

UPKEEP_EVERY = 2.0  # seconds


def main() -> None:
    settings = Settings.from_environment(os.environ)
    set_up_logging(settings)
    sweeper = build_sweeper(settings)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        sweeper.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    keeping = threading.Thread(target=keep, args=(sweeper,))
    keeping.start()
    while not sweeper.stopping.wait(sweeper.sweep()):
        pass
    keeping.join()
    sweeper.close()


def keep(sweeper: Sweeper) -> None:
    """In a thread of its own: after Redis was emptied it takes minutes per million texts."""
    while not sweeper.stopping.wait(UPKEEP_EVERY):
        sweeper.upkeep()


if __name__ == "__main__":
    main()
