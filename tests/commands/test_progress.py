"""How far a long command is, said where somebody looks and where nobody does."""

import io
import os
import re
from contextlib import suppress
from datetime import timedelta
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from typing import TextIO

import pytest

from moderator.__main__ import main
from moderator.commands import progress as progress_module
from moderator.commands.progress import Progress, during
from moderator.domain.ids import new_id
from moderator.storage.base.database import Database
from tests.builders import NOON, a_submission
from tests.databases import fresh
from tests.stock import stock, stock_site


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, seconds: list[float], *, total: int = 1_000) -> str:
    """What is said of 100, 200, ... records at these times, the first one being the start."""
    times = iter(seconds)
    progress = Progress(out, "records", total, clock=lambda: next(times))
    for step in range(1, len(seconds)):
        progress(step * 100)
    return out.getvalue()


def test_without_a_terminal_there_is_a_line_a_minute() -> None:
    said = told(io.StringIO(), [0, 20, 40, 61, 100, 125])
    assert said.splitlines() == [
        " 30% 300 of 1,000 records, about 2 min 22 s left",
        " 50% 500 of 1,000 records, about 2 min 5 s left",
    ]


def test_on_a_terminal_one_line_is_written_over_and_over() -> None:
    said = told(Terminal(), [0, 0.1, 0.15, 2])
    assert said.split("\r\x1b[K") == [
        "",
        "[###                           ]  10% 100 of 1,000 records",
        "[#########                     ]  30% 300 of 1,000 records, about 5 s left",
    ]


def test_a_total_that_is_not_known_is_not_made_up() -> None:
    assert told(io.StringIO(), [0, 61], total=0) == "100 records\n"


def test_what_was_done_before_makes_it_look_no_faster() -> None:
    times = iter([0.0, 60.0])
    out = io.StringIO()
    Progress(out, "records", 1_000, 800, clock=lambda: next(times))(900)
    assert out.getvalue() == " 90% 900 of 1,000 records, about 1 min 0 s left\n"


def test_a_step_that_counts_nothing_says_for_how_long_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times = iter([0.0, 60.0, 120.0, 180.0])
    monkeypatch.setattr(progress_module, "now", lambda: next(times))
    looks = iter([False, False, True])
    with (tmp_path / "said").open("w+") as out:
        monkeypatch.setattr("sys.stderr", out)
        with during("Training", lambda _ended, _seconds: next(looks)):
            pass
        out.seek(0)
        assert out.read() == "Training, 1 min 0 s\nTraining, 2 min 0 s\n"


@pytest.fixture
def comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three, of one site, in a database of its own."""
    url = f"sqlite:///{tmp_path / 'long.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    database = Database(url)
    fresh(database)
    stock_site(database)
    for number in range(3):
        received = NOON + timedelta(seconds=number)
        id_ = new_id(received, bytes(10))
        one = a_submission(
            f"Remark {number}", id=id_, platform_id=str(number), received_at=received
        )
        stock(database, one)
    database.close()


ROWS = b'{"id":"1","text":"a"}\n{"id":"2","text":"b"}\n'
LONG = {
    ("export", "--site", "blog"): "records written",
    ("backup", "BACKUP"): "rows written",
    ("privacy", "export", "--site", "blog", "--email", "alice@example.org"): "submissions shown",
    ("replay", "--site", "blog", "--each"): "submissions judged again",
    ("judge", "--batch", "1"): "comments judged",
}


def called(
    words: tuple[str, ...], err: TextIO, monkeypatch: pytest.MonkeyPatch, step: float
) -> bytes:
    """What a command prints, while each look at its clock takes `step` seconds."""
    seconds = count(0.0, step)
    folder = Path(os.environ["DATA_DIR"])
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr(progress_module, "now", lambda: next(seconds))
    monkeypatch.setattr("sys.stderr", err)
    with (folder / "out").open("w+", encoding="utf-8") as out, (folder / "in").open("w+b") as given:
        given.write(ROWS)
        given.seek(0)
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stdin", TextIOWrapper(given, "utf-8"))
        assert main([str(folder / "b") if word == "BACKUP" else word for word in words]) == 0
        out.flush()
        return (folder / "out").read_bytes()


@pytest.mark.usefixtures("comments")
@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_every_long_command_says_how_far_it_is(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "pipe").open("w+") as pipe:
        plain = called(words, pipe, monkeypatch, 0.001)
        assert (tmp_path / "pipe").read_text() == ""  # it took no minute
        told = called(words, pipe, monkeypatch, 61.0)
        pipe.flush()
    lines = (tmp_path / "pipe").read_text().splitlines()
    assert lines != []
    assert [line for line in lines if LONG[words] not in line or "\x1b" in line] == []
    assert _lasting(told) == _lasting(plain)


@pytest.mark.usefixtures("comments")
@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_on_a_terminal_the_line_renews_itself_and_is_gone_at_the_end(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        assert terminal.isatty()
        told = called(words, terminal, monkeypatch, 0.3)
    shown = all_of(ours)
    said = shown.split("\r\x1b[K")
    assert said[0] == said[-1] == ""
    assert "\n" not in shown
    assert any(LONG[words] in line for line in said)
    assert b"\x1b" not in told
    assert LONG[words].encode() not in told.replace(b"submissions judged again; nothing", b"")


def all_of(descriptor: int) -> str:
    """Whatever was written to a terminal whose other side is closed."""
    said = b""
    with suppress(OSError):  # how Linux tells of the end
        while more := os.read(descriptor, 65_536):
            said += more
    os.close(descriptor)
    return said.decode()


def _lasting(printed: bytes) -> bytes:
    """Without the times at which it was printed."""
    return re.sub(rb'"exported_at":"[^"]*"', b"", printed)
