"""The sweeper: once a second it looks for work that no hint announced; it needs no Redis."""

import os
import signal
from types import FrameType

from moderator.bootstrap.parts import set_up_logging
from moderator.bootstrap.worker import build_worker
from moderator.settings import Settings

EVERY = 1.0  # seconds


def main() -> None:
    settings = Settings.from_environment(os.environ)
    set_up_logging(settings)
    worker = build_worker(settings)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not worker.stopping.wait(EVERY):
        worker.sweep()


if __name__ == "__main__":
    main()
