"""The request that is coming: what has come of it so far, and what of that is too much."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from moderator.domain.urls.addresses import Network
from moderator.intake.webhook.events import BULK_LIMIT
from moderator.web.server.capacity import ConnectionCapacity, Size
from moderator.web.server.head import MAX_HEADERS, Environ, Refusal, too_large
from moderator.web.server.watching import UNWATCHED, Watcher

# What chunks may weigh beside the body: sizes, extensions, the trailer.
MAX_FRAMES, MAX_FRAME = 1_024, 32


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Seconds for a request to be whole (and for its answer to be read), between two requests,
    after a last answer, and for what is begun when the server ends; bytes of a head and a body.
    """

    request_seconds: float = 30.0
    idle_seconds: float = 20.0
    linger_seconds: float = 2.0
    drain_seconds: float = 10.0
    header_bytes: int = 32 * 1024
    body_bytes: int = BULK_LIMIT
    size: Size = field(default_factory=Size)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all connections of a server have in common; `environ` is every request's."""

    limits: RequestLimits
    environ: Environ
    trusted_proxies: tuple[Network, ...]
    room: ConnectionCapacity[Any]  # the connections that a server makes
    watcher: Watcher = UNWATCHED


@dataclass(slots=True)
class IncomingRequest:
    """Every method raises Refusal when that is too much."""

    since: float
    limits: RequestLimits
    cycle: RequestResponseCycle | None = None  # once the head is whole
    _headers: int = 0
    _header_bytes: int = 0
    _body_bytes: int = 0
    _chunks: int = 0
    _fed: int = 0  # bytes since the head, or the body, began; but for those it began with

    def end_head(self, cycle: RequestResponseCycle) -> None:
        self.cycle = cycle
        self._fed = self._body_bytes = 0

    def add_header(self, size: int) -> None:
        self._headers += 1
        self._header_bytes += size
        if self._headers > MAX_HEADERS or self._header_bytes > self.limits.header_bytes:
            raise _headers_too_large()

    def add_chunk(self) -> None:
        self._chunks += 1

    def add_body(self, size: int) -> None:
        self._body_bytes += size
        if self._body_bytes > self.limits.body_bytes:
            raise too_large(self.limits.body_bytes)

    def add(self, size: int) -> None:
        """Count bytes before they are read."""
        self._fed += size

    def judge(self) -> None:
        """Judge what was read of them."""
        if self.cycle is None:
            if self._fed > self.limits.header_bytes:
                raise _headers_too_large()
        elif self._fed - self._body_bytes > MAX_FRAMES + MAX_FRAME * self._chunks:
            raise Refusal(HTTPStatus.BAD_REQUEST, "A chunk extension or trailer is too long")


def _headers_too_large() -> Refusal:
    return Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large")


def refusal_of(error: httptools.HttpParserError) -> Refusal:
    """What llhttp could not read, as an answer."""
    cause = error.__context__  # what was raised in a callback
    if isinstance(cause, Refusal):
        return cause
    if "overflow" in str(error):  # a length of more than 64 bits
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than any may be")
    return Refusal(HTTPStatus.BAD_REQUEST, "The request is malformed")
