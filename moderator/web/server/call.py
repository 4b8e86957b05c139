"""One request on its way through the application, and its answer (PEP 3333)."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import msgspec

from moderator.web.answers import API_HEADERS, PROBLEM
from moderator.web.server.head import Environ

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Lines = list[tuple[str, str]]
Thrown = tuple[type[BaseException], BaseException, TracebackType]

log = logging.getLogger(__name__)

RETRY_AFTER = 2  # seconds, for what we had no room or no time for
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
CLOSE = ("Connection", "close")
STREAM = "moderator.stream"  # in the environment: the parts of the answer are sent one by one


@dataclass(frozen=True, slots=True)
class Answer:
    """`rest` follows the body, made while it is sent; it is to be closed where it can be."""

    status: int
    lines: Lines
    body: bytes = b""
    rest: Iterable[bytes] = ()

    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.lines]

    def whole(self) -> bytes:
        """All of it as it is sent, for who speaks HTTP by hand."""
        lines = [*self.lines, ("Date", formatdate(time.time(), usegmt=True))]
        head = "".join([f"{name}: {value}\r\n" for name, value in lines])
        first = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
        return f"{first}{head}\r\n".encode("latin-1") + self.body


class PendingAnswer(Protocol):
    """Who waits for an answer: asyncio's future."""

    def done(self) -> bool: ...

    def set_result(self, answer: Answer, /) -> None: ...


@dataclass(slots=True, eq=False)
class Call:
    """`begin` runs the application, `finish` goes through what it returned.

    An application may answer late (PEP 3333 lets it call `start_response` as late as that): then
    `finish` waits, and many that have begun can wait for the same thing.
    """

    environ: Environ
    waiting: PendingAnswer
    _status: str = ""
    _lines: Lines = field(default_factory=list)
    _parts: Iterable[bytes] = ()

    def begin(self, app: "WSGIApplication") -> None:
        try:
            self._parts = app(self.environ, self._start)
        except Exception:
            log.exception("the application failed")

    def finish(self) -> Answer:
        """Return the answer; one that fails becomes a 500."""
        if self._status and self.environ.get(STREAM):
            return Answer(int(self._status[:3]), self._lines, rest=self._parts)
        body = b""
        try:
            body = b"".join(self._parts)
        except Exception:
            log.exception("the application failed")
            self._status = ""
        finally:
            if close := getattr(self._parts, "close", None):
                close()
        if not self._status:
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "An error on our side")
        status = int(self._status[:3])
        has_length = any(name == "Content-Length" for name, _ in self._lines)
        if not has_length and status not in BODILESS:
            self._lines.append(("Content-Length", str(len(body))))
        return Answer(status, self._lines, body)

    def answer(self, answer: Answer) -> None:
        """On the loop's thread only."""
        if not self.waiting.done():
            self.waiting.set_result(answer)

    def _start(
        self, status: str, headers: Lines, _thrown: Thrown | tuple[None, None, None] | None = None
    ) -> "_Write":
        self._status, self._lines = status, headers
        return _write


class _Write(Protocol):
    def __call__(self, data: bytes, /) -> object: ...


def _write(_data: bytes) -> None:
    raise NotImplementedError("PEP 3333 keeps write() for applications older than itself")


def problem(status: int, detail: str) -> Answer:
    """Return a refusal that ends the connection, as problem+json."""
    found = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    body = msgspec.json.encode(found)
    lines = [("Content-Type", PROBLEM), *API_HEADERS, ("Content-Length", str(len(body))), CLOSE]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append(("Retry-After", str(RETRY_AFTER)))
    return Answer(status, lines, body)
