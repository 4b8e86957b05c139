"""Answers that wait for a decision: outside of the threads, where the gateway can, else in one.

An application says in the environment what it waits for (LATER) if who called it can wait
(CAN_WAIT); a server of another kind lets the thread wait.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, request

from moderator.domain.errors import FieldError, InvalidError
from moderator.domain.verdict import Decision
from moderator.web.server.call import Answer
from moderator.web.server.head import Environ

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LEAST, MOST = 100, 10_000  # milliseconds that somebody may want to wait
NUMBER = re.compile(r"[0-9]{1,6}")
CAN_WAIT, LATER = "moderator.can_wait", "moderator.later"

Told = Callable[[Decision], object]


@dataclass(frozen=True, slots=True)
class Later:
    """`watch` has its argument called with the decision, from some thread, and returns what ends
    that, or None when it cannot be waited for. `seconds` is how long, `decided` and `undecided`
    are what is answered; `undecided` may take its time, and asks stores.
    """

    watch: Callable[[Told], Callable[[], None] | None]
    seconds: float
    decided: Callable[[Decision], Answer]
    undecided: Callable[[], Answer]


class Waiting(Response):
    """Nothing yet: `later` says what to wait for."""

    def __init__(self, later: Later) -> None:
        super().__init__()
        self._later = later

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if CAN_WAIT in environ:
            environ[LATER] = self._later
            start_response("200 OK", [])
            return ()
        return as_response(wait(self._later))(environ, start_response)


def wished_seconds(usual: int) -> float:
    """How long who asks wants to wait (`wait_ms`, else `usual`). Raises InvalidError."""
    given = request.args.get("wait_ms", str(usual))
    if not NUMBER.fullmatch(given) or not LEAST <= int(given) <= MOST:
        wrong = FieldError("/wait_ms", f"Not a whole number from {LEAST} to {MOST}")
        raise InvalidError("The query is not valid", (wrong,))
    return int(given) / 1000


def as_response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.lines)


def wait(later: Later) -> Answer:
    """Wait in this thread."""
    told, decisions = threading.Event(), list[Decision]()

    def hear(decision: Decision) -> None:
        decisions.append(decision)
        told.set()

    end = later.watch(hear)
    if end is None or not told.wait(later.seconds):
        if end is not None:
            end()
        return later.undecided()
    return later.decided(decisions[0])


def later_of(environ: Environ) -> Later | None:
    found = environ.get(LATER)
    return found if isinstance(found, Later) else None


async def wait_aside(later: Later) -> Answer:
    """Wait without a thread; who looks up what stands meanwhile has one of its own."""
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[Decision] = loop.create_future()

    def hear(decision: Decision) -> None:
        loop.call_soon_threadsafe(_set, heard, decision)

    end = later.watch(hear)
    if end is not None:
        try:
            async with asyncio.timeout(later.seconds):
                return later.decided(await heard)
        except TimeoutError:
            pass
        finally:
            end()
    return await loop.run_in_executor(None, later.undecided)


def _set(heard: "asyncio.Future[Decision]", decision: Decision) -> None:
    if not heard.done():
        heard.set_result(decision)
