"""Ends a process that was asked to end and does not: no thread can be ended from outside.

What it still held comes back when its lease ends, as after a kill.
"""

import logging
import os
import sys
import threading
import time
from pathlib import Path

SECONDS = 10.0  # from the wish to end on; a worker that nothing holds up needs one or two

log = logging.getLogger(__name__)


def end_in_time(stopping: threading.Event, seconds: float = SECONDS) -> None:
    """Watch from now on that the process has ended so many seconds after `stopping` was set."""

    def watch() -> None:
        stopping.wait()
        time.sleep(seconds)
        log.warning("event=ended_late after=%g still=%s", seconds, _still())
        os._exit(0)  # it did what it was asked for: to end

    threading.Thread(target=watch, name="end in time", daemon=True).start()


def _still() -> str:
    """The threads that keep the process alive, each with where it is."""
    frames = sys._current_frames()  # noqa: SLF001  # the way that there is
    found = []
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        if not thread.daemon and frame is not None:
            where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
            found.append(f"{thread.name}@{where}".replace(" ", "_"))
    return ",".join(sorted(found))
