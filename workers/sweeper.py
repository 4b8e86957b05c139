"""The sweeper: it looks for work that no hint announced, and does it when nobody can be told.

It needs no Redis. Beside that it keeps the house: it mends the index of near copies when Redis was
emptied or away, and clears away what has had its time.
"""

import os
import signal
from types import FrameType

from moderator.bootstrap.event_log import set_up_logging
from moderator.bootstrap.worker import build_worker
from moderator.domain.errors import SettingsError
from moderator.settings import Settings
from workers.ending import end_in_time


def main() -> None:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        raise SystemExit(f"Settings are wrong: {error}") from None
    set_up_logging(settings)
    worker = build_worker(settings)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    end_in_time(worker.stopping)
    worker.start_sweeping()
    worker.stopping.wait()
    worker.close()


if __name__ == "__main__":
    main()
