"""What lies on disk is for our own user alone: it holds sites' secrets and what visitors wrote."""

import os
import stat
from contextlib import suppress
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
BESIDE = ("", "-wal", "-shm", "-journal")  # a SQLite database and what SQLite puts beside it
DATABASE = "moderator.db"


def keep_private(database: str) -> None:
    """Make the file of a SQLite database, if there is none, and close it to all others.

    A file that is there is never opened: closing it again would drop the locks that this process
    holds on it. SQLite gives what it makes beside a database the permissions of that.
    """
    with suppress(FileExistsError):
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))
    for ending in BESIDE:
        _narrow(Path(database + ending), FILE)


def private_folder(folder: Path) -> None:
    """Make the folder, for our own user alone. One that is there is closed to others if nothing but
    our database lies there, or nothing at all.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    is_ours = (folder / DATABASE).exists() or not any(folder.iterdir())
    if is_ours:
        _narrow(folder, FOLDER)


def _narrow(path: Path, most: int) -> None:
    """Take away what others may; a file of somebody else is left to them."""
    with suppress(FileNotFoundError):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid == os.geteuid() and mode & ~most:
            path.chmod(mode & most)
