"""What an operator does wrong is one line and no traceback, whatever the command.

The commands are found in argparse's tree: a new one is tested without being named here.
"""

import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap import database as opening
from moderator.storage.base.database import Database, LockPatience
from tests.commands.tree import Called, every_call
from tests.databases import fresh
from tests.processes import ROOT
from tests.redis_server import free_port
from tests.stock import stock_site

CALLS = every_call(Path("/nowhere"))
# Without a database to ask.
OFFLINE = frozenset({"judge", "evaluate", "train", "verify", "version"})
WRITES = frozenset({"backup", "export"})
MAKES = frozenset({"prepare", "seed", "restore", "db upgrade", "site add", "admin create"})
OF_THE_DATABASE = [call for call in CALLS if call.name not in OFFLINE]
WITH_FILES = [call for call in CALLS if call.files]
READ_ONLY = [call for call in OF_THE_DATABASE if call.name not in MAKES]
SHORT = LockPatience(first=0.1, again=0.1)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A database with a site."""
    file = tmp_path / "var" / "moderator.db"
    file.parent.mkdir()
    database = Database(f"sqlite:///{file}")
    fresh(database)
    stock_site(database)
    database.close()
    return file


def impatient(url: str, **given: object) -> Database:
    """A database that is not waited for, where somebody else holds it."""
    return Database(url, **{**given, "patience": SHORT})  # type: ignore[arg-type]  # as it was given


def call(words: tuple[str, ...] | list[str]) -> int:
    """Whatever argparse or the command makes of it; anything else that is raised is a fault."""
    try:
        return main(list(words))
    except SystemExit as ended:
        return int(ended.code or 0)


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """One line was said, on standard error."""
    said = capsys.readouterr().err
    assert said.startswith("moderator: "), said
    assert said.count("\n") == 1, said
    return said


def test_the_tree_has_leaves() -> None:
    assert len(CALLS) > 40
    assert len({str(one) for one in CALLS}) == len(CALLS)
    assert {"site remove", "privacy erase", "near rebuild"} <= {one.name for one in CALLS}


@pytest.mark.parametrize("one", CALLS, ids=str)
def test_wrong_words(one: Called, capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*one.words, "--no-such-option"]) == 2
    said = capsys.readouterr().err
    assert "no-such-option" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("one", CALLS, ids=str)
def test_wrong_settings(
    one: Called, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    if one.name in OFFLINE:
        pytest.skip("it needs no setting")
    assert call(one.words) == 1
    said = refused(capsys)
    assert "PORT" in said
    assert "LOG_LEVEL" in said


@pytest.mark.parametrize("one", READ_ONLY, ids=str)
def test_a_database_that_is_not_there_is_not_made(
    one: Called,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert call(one.words) == 1
    said = capsys.readouterr()
    assert re.search("There is no (database at|file)", said.err + said.out)
    assert said.err.count("\n") <= 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("one", OF_THE_DATABASE, ids=str)
def test_a_postgres_that_cannot_be_reached(
    one: Called,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:secret@127.0.0.1:{free_port()}/nowhere")
    assert call(here(one, tmp_path)) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.err.count("\n") <= 1
    assert "secret" not in said.err + said.out
    shown = said.err + said.out
    assert "does not answer" in shown or "no Redis that answers" in shown or one.files


@contextmanager
def locked(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("one", OF_THE_DATABASE, ids=str)
def test_a_database_that_somebody_else_holds(
    one: Called,
    stored: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(opening, "Database", impatient)
    (tmp_path / "file").write_bytes(b"")
    with locked(stored):
        code = call(here(one, tmp_path))
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.err.count("\n") <= 1
    assert code in {0, 1}


def here(one: Called, folder: Path) -> list[str]:
    """The words, with files in this folder."""
    return [word.replace("/nowhere", str(folder)) for word in one.words]


WRONG_FILES = {
    "nothing": None,
    "a folder": b"folder",
    "empty": b"",
    "no text": b"\xff\xfe\x00\x80" * 40,
    "no rows": b"[1, 2\n{\n",
    "rows of something else": b"[]\n1\nnull\n",
}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("content", WRONG_FILES)
@pytest.mark.parametrize("one", WITH_FILES, ids=str)
def test_a_file_that_is_none(
    one: Called, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, given = tmp_path / "file", WRONG_FILES[content]
    if given == b"folder":
        file.mkdir()
    elif given is not None:
        file.write_bytes(given)
    code = call(here(one, tmp_path))
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert code in {0, 1, 2}
    if given is None or given == b"folder":
        assert code == 1 or one.name in WRITES


@pytest.mark.usefixtures("stored")
def test_who_stops_reading_is_no_trouble() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as broken:
        ended = subprocess.run(  # our own command
            [sys.executable, "-m", "moderator", "site", "list"],
            stdout=broken,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (1, b"")
