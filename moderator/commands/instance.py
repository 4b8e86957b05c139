"""One `moderator up` per DATA_DIR: it holds a lock while it lives, and says where its Redis is.

The lock is the kernel's (flock): it ends with the process, however that ends.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from moderator.domain.errors import SettingsError

if sys.platform != "win32":  # there nobody is kept out, and no Redis is found
    import fcntl

LOCK, REDIS = "up.lock", "redis.url"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of a DATA_DIR. Raises SettingsError when another process does."""
    with (folder / LOCK).open("a") as file:
        if not _take(file):
            raise SettingsError(f"Another `moderator up` runs with DATA_DIR {folder}")
        try:
            yield
        finally:
            (folder / REDIS).unlink(missing_ok=True)


def tell_redis(folder: Path, url: str) -> None:
    """Let commands find the Redis that `moderator up` started. Call it while the lock is held."""
    (folder / REDIS).write_text(url)


def with_redis(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, with the Redis of the running `moderator up` where it names none."""
    folder = Path(environment.get("DATA_DIR") or "var")
    if environment.get("REDIS_URL") or not _is_running(folder):
        return dict(environment)
    try:
        return {**environment, "REDIS_URL": (folder / REDIS).read_text().strip()}
    except OSError:
        return dict(environment)


def _is_running(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("r") as file:
            return not _take(file)
    except OSError:
        return False


def _take(file: IO[str]) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
