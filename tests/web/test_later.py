"""Who waits for a decision keeps no thread, and who was promised an answer gets one in time."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Lock

import pytest
from flask import Flask, Response

from moderator.domain.verdict import Decider, DeciderKind, Decision, Verdict
from moderator.web.server.call import Answer
from moderator.web.server.gateway import Promise, Traffic
from moderator.web.server.head import Environ
from moderator.web.server.lanes import Plan
from moderator.web.server.later import Later, Told, Waiting
from tests.web.serving import connected, read_replies, send, serving, talk

ONE = Plan("one", threads=1)
SPAM = Decision(Verdict.SPAM, Decider(DeciderKind.RULE))


def an_answer(body: bytes) -> Answer:
    return Answer(200, [("Content-Length", str(len(body)))], body)


LATE, OTHERWISE = an_answer(b"late"), an_answer(b"otherwise")


def ask(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode()


class Stage:
    """`/wait` waits for a decision; `/slow` and `/broken` were promised answers."""

    def __init__(self) -> None:
        self.seconds = 10.0
        self.is_full = False
        self.all_wait, self.may_end = Event(), Event()
        self.ended = 0
        self._wanted = 1
        self._told: list[Told] = []
        self._lock = Lock()
        self.app = Flask(__name__)
        self.app.add_url_rule("/wait", "wait", self.wait)
        self.app.add_url_rule("/now", "now", lambda: "now")
        self.app.add_url_rule("/slow", "slow", self.slow)
        self.app.add_url_rule("/broken", "broken", self.broken)

    def expect(self, waiting: int) -> None:
        self._wanted = waiting

    def watch(self, told: Told) -> Callable[[], None] | None:
        with self._lock:
            if self.is_full:
                return None
            self._told.append(told)
            if len(self._told) == self._wanted:
                self.all_wait.set()
        return self._end

    def _end(self) -> None:
        self.ended += 1

    def decide(self) -> None:
        for told in self._told:
            told(SPAM)
            told(SPAM)  # more than once is not heard

    def wait(self) -> Response:
        return Waiting(
            Later(self.watch, self.seconds, lambda d: an_answer(d.verdict.encode()), late)
        )

    def slow(self) -> str:
        assert self.may_end.wait(10)
        return "slow"

    def broken(self) -> str:
        raise RuntimeError

    def traffic(self) -> Traffic:
        return Traffic([ONE], lambda _environ, _size: ONE, promise=promise)


def late() -> Answer:
    return LATE


def promise(environ: Environ) -> Promise | None:
    is_promised = environ["PATH_INFO"] in ("/slow", "/broken")
    return Promise(0.05, lambda: OTHERWISE) if is_promised else None


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.may_end.set()


def test_many_wait_while_the_only_thread_answers_others(stage: Stage) -> None:
    stage.expect(20)
    with ExitStack() as stack:
        port = stack.enter_context(serving(stage.app, traffic=stage.traffic()))
        waiting = [stack.enter_context(connected(port)) for _ in range(20)]
        for connection in waiting:
            send(connection, ask("/wait"))
        assert stage.all_wait.wait(10)
        assert talk(port, ask("/now")).body == b"now"
        stage.decide()
        answers = [read_replies(connection)[0].body for connection in waiting]
    assert answers == [b"spam"] * 20
    assert stage.ended == 20


def test_who_waited_long_enough_is_answered_without_a_decision(stage: Stage) -> None:
    stage.seconds = 0.01
    with serving(stage.app, traffic=stage.traffic()) as port:
        assert talk(port, ask("/wait")).body == b"late"
    assert stage.ended == 1


def test_who_cannot_wait_is_answered_at_once(stage: Stage) -> None:
    stage.is_full = True
    with serving(stage.app, traffic=stage.traffic()) as port:
        assert talk(port, ask("/wait")).body == b"late"


@pytest.mark.parametrize("path", ["/slow", "/broken"])
def test_who_was_promised_an_answer_gets_one(stage: Stage, path: str) -> None:
    with serving(stage.app, traffic=stage.traffic()) as port:
        assert talk(port, ask(path)).body == b"otherwise"
        stage.may_end.set()


def test_a_server_that_cannot_wait_lets_a_thread_wait(stage: Stage) -> None:
    client = stage.app.test_client()
    stage.seconds = 0.01
    assert client.get("/wait").data == b"late"
    stage.is_full = True
    assert client.get("/wait").data == b"late"
