"""One kind of request stands still: the others, and those that wait behind it, are answered."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event

import pytest
from flask import Flask

from moderator.web.server.gateway import Traffic
from moderator.web.server.head import Environ
from moderator.web.server.lanes import Plan
from tests.web.serving import connected, read_replies, send, serving, talk

STUCK = Plan("stuck", threads=1, patience=0.1)
FREE = Plan("free", threads=1)


def choose(environ: Environ, _size: int) -> Plan:
    return STUCK if environ["PATH_INFO"] == "/stuck" else FREE


def ask(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode()


class Stage:
    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()
        self.app = Flask(__name__)
        self.app.add_url_rule("/stuck", "stuck", self.stuck)
        self.app.add_url_rule("/free", "free", lambda: "free")
        self.app.add_url_rule("/broken", "broken", self.broken)

    def stuck(self) -> str:
        self.begun.set()
        assert self.may_end.wait(10)
        return "done"

    def broken(self) -> Iterator[bytes]:
        yield b"so far so good"
        raise RuntimeError


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.may_end.set()


def test_what_waits_behind_a_lane_that_stands_still_is_refused(stage: Stage) -> None:
    traffic = Traffic([STUCK, FREE], choose)
    with ExitStack() as stack:
        port = stack.enter_context(serving(stage.app, traffic=traffic))
        first = stack.enter_context(connected(port))
        send(first, ask("/stuck"))
        assert stage.begun.wait(10)
        refused = talk(port, ask("/stuck"))
        assert talk(port, ask("/free")).body == b"free"
        stage.may_end.set()
        [answered] = read_replies(first)
        assert talk(port, ask("/stuck")).body == b"done"
    assert refused.status == 503
    assert refused.headers["retry-after"]
    assert answered.body == b"done"


def test_an_answer_that_breaks_off_is_a_fault_of_ours(stage: Stage) -> None:
    with serving(stage.app, traffic=Traffic([FREE], lambda _environ, _size: FREE)) as port:
        reply = talk(port, ask("/broken"))
        assert talk(port, ask("/free")).body == b"free"
    assert reply.status == 500
    assert b"so far" not in reply.body
