"""What is read from /proc, and our own programs around the service."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.comments import Room
from benchmarks.load import Plan
from benchmarks.proc import busy_share, children, cpu_seconds, machine_seconds
from benchmarks.programs import Load, Sink
from benchmarks.service import RESOLVER
from benchmarks.tree import Tree, UnknownCommitError, other

WORKED = 0.2  # seconds of CPU, as the kernel counts them: in ticks
WORK = f"import time\nwhile time.process_time() < {WORKED + 0.05}: pass\n"
STAYS = f"{WORK}print('done', flush=True)\ninput()"
# One child that has ended, one that works and stays; the parent itself does nothing.
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {WORK!r}])
subprocess.run([sys.executable, "-c", {STAYS!r}])
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


def test_cpu_of_children_counts_whether_they_live_or_have_ended() -> None:
    with subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"done\n"
        pids = children(parent.pid)
        assert pids[0] == parent.pid
        assert len(pids) == 2
        assert cpu_seconds(pids) >= 2 * WORKED
        assert cpu_seconds(pids[1:]) >= WORKED
        parent.communicate(b"\n")
    assert cpu_seconds(pids) == 0  # both are gone


def test_the_machines_work_only_grows() -> None:
    before = machine_seconds()
    assert before > 0
    assert machine_seconds() >= before
    assert busy_share(0.01) >= 0


def test_the_blog_hears_of_each_comment_once(sink: Sink) -> None:
    plan = Plan(sink.port, "key", first=1, seconds=20, connections=3, count=40)
    for _ in range(2):
        with Load(plan) as load:
            load.begin()
            assert load.end().statuses == {"204": 40}
    heard = sink.heard()
    assert (heard.count, heard.again) == (40, 40)
    assert sink.times().keys() == {str(number) for number in range(1, 41)}
    sink.forget()
    assert sink.heard().count == 0
    assert sink.cpu() >= 0


def test_an_open_run_sends_at_its_times(sink: Sink) -> None:
    plan = Plan(sink.port, "key", 1, 0.5, rate=40, count=20, room=Room.WAVE, pages=sink.port)
    with Load(plan) as load:
        load.begin()
        result = load.end()
    assert len(result.sent) == 20
    assert result.sent == sorted(result.sent)
    assert all(result.answered)


def close_after_each_answer(door: socket.socket) -> None:
    while True:
        client, _ = door.accept()
        with client:
            head, _, rest = client.recv(65_536).partition(b"\r\n\r\n")
            missing = int(head.partition(b"Content-Length: ")[2] or 0) - len(rest)
            while missing > 0:
                missing -= len(client.recv(65_536))
            client.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


def test_a_server_that_closes_connections_is_met_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=close_after_each_answer, args=(door,), daemon=True).start()
        with Load(Plan(door.getsockname()[1], "key", 1, 20, connections=1, count=5)) as load:
            load.begin()
            result = load.end()
    assert result.statuses == {"202": 5}


def test_names_under_test_are_on_loopback_for_the_service() -> None:
    asked = "import socket; print(socket.getaddrinfo(b'river-7.test', 80)[0][4][0])"
    shown = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(RESOLVER)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert shown.stdout == "127.0.0.1\n"


def test_processes_are_what_the_tree_says(tmp_path: Path) -> None:
    tmp_path.joinpath("Procfile").write_text(
        "web: .venv/bin/python -m web --port $PORT\nrelease: .venv/bin/moderator db upgrade\n"
        "odd: sh -c 'a b'\n"
        "last: sh -c '.venv/bin/moderator db upgrade && exec .venv/bin/python -m last'\n"
    )
    tree = Tree("old", tmp_path, Path("/venv/bin/python"))
    given = {"PORT": "8123"}
    assert tree.process("web", given) == ["/venv/bin/python", "-m", "web", "--port", "8123"]
    assert tree.process("release", given) == tree.module("moderator", "db", "upgrade")
    assert tree.process("odd", given) == ["sh", "-c", "a b"]
    assert tree.process("last", given) == ["/venv/bin/python", "-m", "last"]
    with pytest.raises(LookupError, match="clock"):
        tree.process("clock", given)


def test_a_commit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(UnknownCommitError, match="no-such-commit"),
        other("no-such-commit", tmp_path),
    ):
        pass
