"""Who else has an account on this machine reads nothing of ours."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from moderator.bootstrap.database import open_database
from moderator.settings import Settings
from moderator.storage.base.database import Database


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """As most systems have it: what is made may be read by all."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _write(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS some (thing TEXT)"))


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: _mode(path) for path in folder.iterdir()}


def test_a_new_database_and_all_beside_it_is_for_us_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    database = open_database(Settings(data_dir=folder))
    _write(database)
    files = _modes(folder)
    database.close()
    assert set(files) == {"moderator.db", "moderator.db-wal", "moderator.db-shm"}
    assert set(files.values()) == {0o600}
    assert _mode(folder) == 0o700


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(0o755)
    for name in ("moderator.db", "moderator.db-wal"):
        (folder / name).touch(0o644)
    database = open_database(Settings(data_dir=folder))
    _write(database)
    files = _modes(folder)
    database.close()
    assert set(files.values()) == {0o600}
    assert _mode(folder) == 0o700


def test_a_database_elsewhere_is_for_us_alone_and_its_folder_stays(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(0o755)
    database = open_database(Settings(database_url=f"sqlite:///{folder / 'some.db'}"))
    _write(database)
    files = _modes(folder)
    database.close()
    assert set(files.values()) == {0o600}
    assert _mode(folder) == 0o755


def test_a_folder_in_which_other_things_lie_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir(0o755)
    (folder / "letter").touch()
    database = open_database(Settings(data_dir=folder))
    database.close()
    assert _mode(folder) == 0o755


OTHER_PROCESS = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


def test_a_second_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """POSIX drops a process's locks on a file when any handle of it is closed."""
    path = tmp_path / "some.db"
    database = Database(f"sqlite:///{path}")
    _write(database)
    with database.write(), database.read():  # the second one is opened while the first one writes
        command = [sys.executable, "-c", OTHER_PROCESS, str(path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    database.close()
    assert said == "database is locked\n"
