"""Waits for SQLite's write lock by asking for it again and again, a thousand times a second.

SQLite's own waiting sleeps ever longer between two looks, 100 ms in the end, while others come and
go: with two processes that write all the time, one of them then waits many times longer than the
other holds the lock.
"""

import sqlite3
import time
from typing import Any  # the driver's connection, which SQLAlchemy does not name

SOON, LATER = 0.001, 0.005  # seconds between two tries, and once it has taken long
LONG = 0.25  # seconds


def begin_writing(raw: Any, wanted_ms: int, usual_ms: int) -> None:  # noqa: ANN401  # see above
    """BEGIN IMMEDIATE within `wanted_ms`; `usual_ms` is what other statements may wait.

    Raises sqlite3.OperationalError.
    """
    began = time.monotonic()
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while not _begins(raw):
            waited = time.monotonic() - began
            if waited >= wanted_ms / 1000:
                raw.execute("BEGIN IMMEDIATE")  # the last try says what is wrong
                return
            time.sleep(SOON if waited < LONG else LATER)
    finally:
        raw.execute(f"PRAGMA busy_timeout={usual_ms}")


def _begins(raw: Any) -> bool:  # noqa: ANN401
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True
