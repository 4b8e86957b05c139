"""The web server: waitress, with deadlines and limits that slow or hostile clients cannot pass.

A request must be complete within `request_seconds`, however slowly its bytes drip; otherwise 408.
After a refusal the connection is half-closed and read for a moment more, because closing a socket
with unread bytes would destroy the answer on its way.
"""

import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from moderator.intake.events import BULK_LIMIT
from moderator.web.answers import API_HEADERS, PROBLEM
from moderator.web.door import DoorParser, RequestTimeout, explain

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True, slots=True)
class Limits:
    request_seconds: float = 30.0
    idle_seconds: int = 20
    linger_seconds: float = 2.0
    drain_seconds: float = 10.0
    connections: int = 900  # below the usual limit of 1,024 files, with room for the rest
    header_bytes: int = 32 * 1024
    body_bytes: int = BULK_LIMIT


class ProblemTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers what never reached the application, as problem+json."""

    def execute(self) -> None:
        code, reason, detail = explain(self.request.error)
        found = {"type": "about:blank", "title": reason, "status": code, "detail": detail}
        body = msgspec.json.encode(found)
        self.status = f"{code} {reason}"
        self.response_headers.append(("Content-Type", PROBLEM))
        self.response_headers.extend(API_HEADERS)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.is_refused = True
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection."""

    parser_class = DoorParser
    error_task_class = ProblemTask
    is_refused = False
    request: DoorParser | None = None
    lingers_until: float | None = None

    def handle_close(self) -> None:
        if self.is_refused and self.lingers_until is None and self._half_close():
            self.lingers_until = time.monotonic() + self.server.limits.linger_seconds
            self.will_close = False
            return
        super().handle_close()

    def _half_close(self) -> bool:
        if self.socket is None:
            return False  # closed before, while the refusal was being written
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return False  # the other side is gone already
        return True

    def handle_read(self) -> None:
        if self.lingers_until is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # closes at the end of the stream
        except OSError:
            self.handle_close()

    def end_late(self, now: float) -> None:
        """Refuse a request that is not complete in time; close one that lingers too long."""
        if self.lingers_until is not None:
            self.will_close = self.will_close or now >= self.lingers_until
            return
        with self.requests_lock:
            request = self.request
            if request is None or now - request.started < self.server.limits.request_seconds:
                return
            request.refuse(RequestTimeout("The request was not complete in time"))
            self.requests.append(request)
            self.request = None
            if len(self.requests) == 1:
                self.server.add_task(self)


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Listens on one address; `effective_port` is the port the system chose for 0."""

    channel_class = Channel

    def __init__(self, app: "WSGIApplication", adjustments: Adjustments, limits: Limits) -> None:
        self.limits = limits
        self._is_stopping = False
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        super().__init__(
            app, {}, dispatcher=dispatcher, adj=adjustments, sockinfo=adjustments.listen[0]
        )

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        moment = time.monotonic()
        for channel in self._channels():
            channel.end_late(moment)

    def run(self) -> None:
        """Serve until `stop`, then finish what was begun."""
        while not self._is_stopping:
            self._turn(self.adj.asyncore_loop_timeout)
        self.accepting = False
        end = time.monotonic() + self.limits.drain_seconds
        while time.monotonic() < end and any(
            channel.requests or channel.total_outbufs_len for channel in self._channels()
        ):
            self._turn(0.1)
        self.task_dispatcher.shutdown()
        self.asyncore.close_all(self._map)

    def stop(self) -> None:
        """Ask `run` to end; may be called from a signal and from another thread."""
        self._is_stopping = True
        with suppress(OSError):  # the loop saw it already, and closed what would wake it
            self.pull_trigger()

    def _turn(self, timeout: float) -> None:
        self.asyncore.loop(timeout=timeout, map=self._map, use_poll=True, count=1)

    def _channels(self) -> Iterable[Channel]:
        return tuple(self.active_channels.values())


def build_server(
    app: "WSGIApplication",
    *,
    host: str,
    port: int,
    threads: int = 8,
    trusted_proxy: str = "",
    limits: Limits = Limits(),
) -> Server:
    """Return a server that listens already. `trusted_proxy` is the address of a proxy before us."""
    forwarded = {"x-forwarded-for", "x-forwarded-proto"} if trusted_proxy else set()
    adjustments = Adjustments(
        listen=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        threads=threads,
        ident="",
        connection_limit=limits.connections,
        channel_timeout=limits.idle_seconds,
        cleanup_interval=1,
        max_request_header_size=limits.header_bytes,
        max_request_body_size=limits.body_bytes + 1,
        inbuf_overflow=limits.body_bytes + 1,
        asyncore_use_poll=True,
        trusted_proxy=trusted_proxy or None,
        trusted_proxy_headers=forwarded,
        clear_untrusted_proxy_headers=True,
    )
    return Server(app, adjustments, limits)
