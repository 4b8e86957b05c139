"""From ASGI to WSGI: reads a body whole, without a thread, and lets a thread answer.

So a slow client takes no thread, and what the head alone refuses is answered unread.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING

from moderator.web.server.call import CLOSE, Answer, Call, problem
from moderator.web.server.head import Environ, has_body
from moderator.web.server.lanes import Done, Lanes, Plan
from moderator.web.server.later import CAN_WAIT, later_of, wait_aside
from moderator.web.server.watching import NONE, ROUTE, UNWATCHED, Watcher

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Which threads serve what (`choose` is given the environment and the body's size), and what
    the application refuses without its body (`is_refused_unread`): it is called with none then.
    `promise` is of requests that are always answered, and in time. `watcher` hears of all.
    """

    plans: Sequence[Plan]
    choose: Callable[[Environ, int], Plan]
    is_refused_unread: Callable[[Environ], bool] = lambda _: False
    promise: Callable[[Environ], "Promise | None"] = lambda _: None
    watcher: Watcher = UNWATCHED


@dataclass(frozen=True, slots=True)
class Promise:
    """How soon after it came whole a request is answered; `otherwise` where there is no answer, or
    only that something is wrong with us.
    """

    seconds: float
    otherwise: Callable[[], Answer]


def one_lane(threads: int) -> Traffic:
    """All requests alike."""
    plan = Plan("web", threads)
    return Traffic([plan], lambda _environ, _size: plan)


class Gateway:
    """An ASGI application; the environment of each request stands in its `state`."""

    def __init__(self, app: "WSGIApplication", traffic: Traffic) -> None:
        self._traffic = traffic
        self._lanes = Lanes(app, traffic.plans, traffic.choose, self._finished)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the threads; what they finish comes back to the loop that runs now."""
        self._loop = asyncio.get_running_loop()
        self._lanes.start()

    def stop(self) -> None:
        self._lanes.stop()

    def refuse_overdue(self) -> None:
        for call in self._lanes.overdue():
            call.answer(problem(HTTPStatus.SERVICE_UNAVAILABLE, "Too much is waiting here"))

    async def __call__(
        self, scope: "HTTPScope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        environ: Environ = scope["state"]["environ"]
        is_unread = has_body(environ) and self._traffic.is_refused_unread(environ)
        body = b"" if is_unread else await _read(receive)
        if body is None:
            return
        answer = await self._answer(environ, body)
        self._traffic.watcher.answered(str(environ.get(ROUTE, NONE)), answer.status)
        if is_unread and CLOSE not in answer.lines:
            answer.lines.append(CLOSE)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers(),
                "trailers": False,
            }
        )
        if answer.rest:
            await _send_rest(answer.rest, receive, send)
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    async def _answer(self, environ: Environ, body: bytes) -> Answer:
        environ[CAN_WAIT] = True
        promise = self._traffic.promise(environ)
        if promise is None:
            return await self._in_the_end(environ, body)
        try:
            async with asyncio.timeout(promise.seconds):
                answer = await self._in_the_end(environ, body)
        except TimeoutError:
            return promise.otherwise()
        return promise.otherwise() if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else answer

    async def _in_the_end(self, environ: Environ, body: bytes) -> Answer:
        answer = await self._submit(environ, body)
        later = later_of(environ)
        return answer if later is None else await wait_aside(later)

    def _submit(self, environ: Environ, body: bytes) -> asyncio.Future[Answer]:
        """Hand a request to its threads, together with all that is read in this turn."""
        loop = asyncio.get_running_loop()
        environ["wsgi.input"] = BytesIO(body)
        answered: asyncio.Future[Answer] = loop.create_future()
        if self._lanes.gather(Call(environ, answered), len(body)):
            loop.call_soon(self._lanes.put)
        return answered

    def _finished(self, done: Done) -> None:
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(_deliver, done)
        except RuntimeError:  # the loop has ended: nobody waits for the answers any more
            log.warning("answers came too late count=%s", len(done))


def _deliver(done: Done) -> None:
    for call, answer in done:
        call.answer(answer)


async def _send_rest(
    rest: Iterable[bytes], receive: "ASGIReceiveCallable", send: "ASGISendCallable"
) -> None:
    """Make each part in a thread, when what was sent before has room to leave; end with who asked.

    What fails midway ends the connection: an answer that is cut must not look whole.
    """
    loop, parts = asyncio.get_running_loop(), iter(rest)
    gone = loop.create_task(_end_of(receive))
    try:
        while not gone.done() and (part := await loop.run_in_executor(None, next, parts, b"")):
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        gone.cancel()
        if close := getattr(rest, "close", None):
            close()


async def _end_of(receive: "ASGIReceiveCallable") -> None:
    """Wait until the other side is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read(receive: "ASGIReceiveCallable") -> bytes | None:
    """Return the whole body; None if the rest of it will never come."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message["body"])
        if not message["more_body"]:
            return b"".join(parts)
