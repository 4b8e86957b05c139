"""The sweeper: once a second it looks for work that no hint announced; it needs no Redis.

Beside that it mends the index of near copies when Redis was emptied or away.
"""

import os
import signal
import threading
from types import FrameType

from moderator.bootstrap.parts import set_up_logging
from moderator.bootstrap.worker import Worker, build_worker
from moderator.settings import Settings

EVERY = 1.0  # seconds
MEND_EVERY = 2.0


def main() -> None:
    settings = Settings.from_environment(os.environ)
    set_up_logging(settings)
    worker = build_worker(settings)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    mending = threading.Thread(target=mend, args=(worker,))
    mending.start()
    while not worker.stopping.wait(EVERY):
        worker.sweep()
    mending.join()


def mend(worker: Worker) -> None:
    """In a thread of its own: after Redis was emptied it takes minutes per million texts."""
    while not worker.stopping.wait(MEND_EVERY):
        worker.mend()


if __name__ == "__main__":
    main()
