"""One connection: uvicorn speaks HTTP on it; here is what it may take, and how it ends.

uvicorn sets no bounds to a head, to the time a request takes to come or its answer to be read, nor
to requests that come in one packet. Here one is read at a time: what comes behind a request waits
until that is answered.
"""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from math import inf
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from moderator.domain.urls.addresses import is_among, network_of
from moderator.web.server.call import problem
from moderator.web.server.ending import FlushingTransport
from moderator.web.server.head import (
    LINE_END,
    MAX_LINE,
    Environ,
    Refusal,
    believe_forwarded,
    fill,
    forget_forwarded,
    is_neighbour,
    judge_line,
)
from moderator.web.server.incoming import IncomingRequest, Shared, refusal_of
from moderator.web.server.watching import NONE

READ_BYTES = (
    4_096  # bytes read at once: bounds how many requests begin before the first is answered
)


class Connection(HttpToolsProtocol):
    """`network` and `held` are for the room."""

    def __init__(self, shared: Shared, **given: Any) -> None:  # noqa: ANN401  # uvicorn's own
        super().__init__(**given)
        self.parser = httptools.HttpRequestParser(self)  # uvicorn's takes less care
        self._shared = shared
        self._limits = shared.limits
        self._socket = cast("asyncio.Transport", None)  # until it is made
        self._line: bytes | None = None  # a first line, until it is whole
        self._behind = bytearray()  # what came behind a request that is not answered yet
        self._coming: IncomingRequest | None = None
        self._owed = 0  # whole requests without an answer
        self._refusal: Refusal | None = None  # said once nothing is owed; whatever comes is passed
        self._is_ended = False  # the other side has closed its half
        self._is_lingering = False
        self._stuck_since: float | None = None  # the other side does not read
        self._since = time.monotonic()  # the last answer, or the beginning
        self.network = ""
        self.held = 0

    @property
    def waits_since(self) -> tuple[bool, float] | None:
        if self._owed:
            return None
        return (False, self._since) if self._coming is None else (True, self._coming.since)

    # What asyncio tells us

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast("asyncio.Transport", transport)
        super().connection_made(FlushingTransport(self._socket, self._linger))
        address, port = (transport.get_extra_info("peername") or ("", 0))[:2]
        self._is_proxied = is_among(self._shared.trusted_proxies, address)
        self.network = "" if self._is_proxied else network_of(address)
        self._remote = {"REMOTE_ADDR": address, "REMOTE_PORT": str(port)}
        if not self._shared.room.enter(self):
            self.refuse(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "There are too many connections"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._shared.room.leave(self)
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio heeds what it returns
        self._is_ended = True
        return self._owed > 0  # what was asked is answered; nothing else can come

    def pause_writing(self) -> None:
        self._stuck_since = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = None
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        is_deaf = self._refusal is not None or self.transport.is_closing()
        if is_deaf or not self._shared.room.hold(self, len(data)):
            return
        self._unset_keepalive_if_required()
        if self._owed:
            self._put_behind(data)
        else:
            self._read(data)

    # What the server tells us

    def refuse(self, refusal: Refusal) -> None:
        """Answer so once all that came whole is answered, and end."""
        if self.transport.is_closing():
            return
        self._refusal = refusal
        self._behind.clear()
        coming, self._coming = self._coming, None
        if coming is not None and coming.cycle is not None:
            self._drop(coming.cycle)
        if not self._owed:
            self._say_refusal(refusal)

    def close(self) -> None:
        self._shared.room.leave(self)
        self._socket.close()

    def abort(self) -> None:
        self._socket.abort()

    def shutdown(self) -> None:
        if self._owed or (self._coming is not None and self._coming.cycle is not None):
            super().shutdown()
        else:
            self.close()

    def sweep(self, now: float) -> None:
        """Once a second or so: end what takes too long."""
        since, most, end = self._patience()
        if now - since >= most:
            end()

    def _patience(self) -> tuple[float, float, Callable[[], object]]:
        """Since when we wait for the other side, for how many seconds, and what ends that."""
        limits = self._limits
        if self._stuck_since is not None:
            return self._stuck_since, limits.request_seconds, self.abort
        if self._is_lingering:
            is_read = not self._socket.get_write_buffer_size()
            most = limits.linger_seconds if is_read else limits.request_seconds
            return self._since, most, self.abort
        if self._owed:
            return self._since, inf, self.abort
        if self._coming is not None:
            return self._coming.since, limits.request_seconds, self._refuse_late
        return self._since, limits.idle_seconds, self.close

    def _refuse_late(self) -> None:
        late = "The request was not complete in time"
        self.refuse(Refusal(HTTPStatus.REQUEST_TIMEOUT, late))

    # Reading

    def _put_behind(self, data: bytes) -> None:
        self._behind += data
        self.flow.pause_reading()

    def _read(self, data: bytes) -> None:
        for start in range(0, len(data), READ_BYTES):
            if self._refusal is not None or self.transport.is_closing():
                return
            if self._owed:
                self._put_behind(data[start:])
                return
            try:
                self._feed(data[start : start + READ_BYTES])
            except Refusal as refusal:
                self.refuse(refusal)
            except httptools.HttpParserError as error:
                self.refuse(refusal_of(error))

    def _feed(self, piece: bytes) -> None:
        if self._coming is None:
            self._line = b""  # a request begins here, and not in the middle of what came before
        else:
            self._coming.add(len(piece))
        if self._line is not None:
            self._judge_line(self._line + piece)
        while piece:
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as wish:  # passed over: we change to no other
                piece = piece[wish.args[0] :]
            else:
                break
        if self._coming is not None:
            self._coming.judge()

    def _judge_line(self, line: bytes) -> None:
        line = line.lstrip(LINE_END)  # RFC 9112 lets a few pass
        first, end, _ = line.partition(LINE_END)
        if end:
            judge_line(first)
        self._line = None if end or len(line) > MAX_LINE else line

    # What llhttp tells us

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._coming = IncomingRequest(time.monotonic(), self._limits)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAX_LINE:
            too_long = f"The request line is longer than {MAX_LINE} bytes"
            raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, too_long)

    def on_header(self, name: bytes, value: bytes) -> None:
        coming = self._coming
        if coming is None or coming.cycle is not None:
            return  # a trailer means nothing to us
        super().on_header(name, value)
        coming.add_header(len(name) + len(value))

    def on_headers_complete(self) -> None:
        protocol = f"HTTP/{self.parser.get_http_version()}"
        environ: Environ = {
            **self._shared.environ,
            **self._remote,
            "SERVER_PROTOCOL": protocol,
            "REQUEST_METHOD": self.parser.get_method().decode("ascii"),
        }
        fill(environ, self.headers, self.url, body_limit=self._limits.body_bytes)
        if self._is_proxied:
            believe_forwarded(environ, self._shared.trusted_proxies)
        elif forget_forwarded(environ) and is_neighbour(self._remote["REMOTE_ADDR"]):
            self._shared.watcher.unnamed_proxy(self._remote["REMOTE_ADDR"])
        self.scope["state"]["environ"] = environ
        super().on_headers_complete()
        if self._coming is not None:
            self._coming.end_head(self.cycle)

    def on_chunk_header(self) -> None:
        if self._coming is not None:
            self._coming.add_chunk()

    def on_body(self, body: bytes) -> None:
        if self._coming is not None:
            self._coming.add_body(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._coming = None
        self._owed += not self.cycle.response_complete
        super().on_message_complete()

    # Ending

    def on_response_complete(self) -> None:
        self._owed -= self._owed > 0
        self._since = time.monotonic()
        if self._coming is not None:
            self._coming.since = self._since
        super().on_response_complete()
        if self._owed or self.transport.is_closing():
            return
        self._shared.room.hold(self, len(self._behind) - self.held)
        if self._refusal is not None:
            self._say_refusal(self._refusal)
        elif self._behind:
            behind = bytes(self._behind)
            self._behind.clear()
            self._read(behind)
        if self._is_ended and not self._owed:
            self._socket.close()

    def _drop(self, cycle: RequestResponseCycle) -> None:
        """Let a request that will never be whole not be answered by the application."""
        if self.pipeline and self.pipeline[0][0] is cycle:
            self.pipeline.popleft()
        cycle.disconnected = True
        cycle.message_event.set()

    def _say_refusal(self, refusal: Refusal) -> None:
        self._shared.watcher.answered(NONE, refusal.status)
        self.transport.write(problem(refusal.status, refusal.detail).whole())
        self.transport.close()

    def _linger(self) -> None:
        self._is_lingering, self._since = True, time.monotonic()
        self._coming = None
        self._behind.clear()
        self._shared.room.hold(self, -self.held)
        self._socket.resume_reading()
        if self._is_ended:
            self._socket.close()
