"""One `moderator up` per folder, found by commands, and nothing left behind when it is killed."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.commands.instance import only_one, tell_redis, with_redis
from moderator.domain.errors import SettingsError

REDIS = "redis://127.0.0.1:7777/0"


def test_a_folder_belongs_to_one(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(SettingsError, match="Another `moderator up` runs"):
        only_one(tmp_path).__enter__()
    with only_one(tmp_path):
        pass  # it was given back


def test_commands_find_the_redis_of_who_runs(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path)}
    with only_one(tmp_path):
        assert with_redis(given) == given
        tell_redis(tmp_path, REDIS)
        assert with_redis(given) == {**given, "REDIS_URL": REDIS}
        assert with_redis({**given, "REDIS_URL": "redis://own"})["REDIS_URL"] == "redis://own"
    assert with_redis(given) == given


def test_what_a_killed_one_left_is_not_believed(tmp_path: Path) -> None:
    tell_redis(tmp_path, REDIS)
    (tmp_path / "up.lock").touch()
    assert with_redis({"DATA_DIR": str(tmp_path)}) == {"DATA_DIR": str(tmp_path)}


def test_a_taken_port_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        assert main(["up"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("moderator: Cannot listen on HOST 127.0.0.1, PORT ")
    assert said.count("\n") == 1
    assert not (tmp_path / "moderator.db").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["site", "list"],
        ["admin", "list"],
        ["deliveries", "retry", "--site", "demo"],
    ],
)
def test_what_only_reads_makes_no_database(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    assert main(words) == 1
    assert "There is no database at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_no_folder_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.joinpath("file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "var"))
    assert main(["up"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


SUPERVISOR = """
import sys
from moderator.commands.supervise import Supervisor
supervisor = Supervisor({})
child = supervisor.add("child", [sys.executable, "-c", "import time; time.sleep(600)"])
print(child.process.pid, flush=True)
supervisor.run()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ends them")
def test_who_is_killed_takes_the_children_along() -> None:
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE) as up:  # noqa: S603
        assert up.stdout is not None
        child = int(up.stdout.readline())
        up.kill()
    ended = os.pidfd_open(child) if Path(f"/proc/{child}").exists() else None
    if ended is not None:
        is_gone = _readable(ended)
        os.close(ended)
        if not is_gone:
            os.kill(child, signal.SIGKILL)
        assert is_gone


def _readable(descriptor: int) -> bool:
    """A pidfd is readable when its process has ended."""
    return bool(select.select([descriptor], [], [], 10)[0])


@pytest.mark.parametrize("words", [["-m", "workers.sweeper"], ["-m", "moderator.wsgi"]])
def test_wrong_settings_are_one_line_without_a_traceback(words: list[str], tmp_path: Path) -> None:
    wrong = {"DATA_DIR": str(tmp_path), "PORT": "none", "LOG_LEVEL": "LOUD", "PATH": os.defpath}
    shown = subprocess.run(  # noqa: S603
        [sys.executable, *words], env=wrong, capture_output=True, text=True, check=False
    )
    assert shown.returncode != 0
    assert "PORT" in shown.stderr
    assert "LOG_LEVEL" in shown.stderr
    assert shown.stderr.count("\n") == 1
