"""The web server: uvicorn reads and writes, threads run the application.

Nothing slow reaches a thread: a request is handed on when it is whole (gateway.py), and must be
whole within `request_seconds`, however slowly its bytes drip; otherwise 408 (connection.py). What
may be connected and kept is bounded (capacity.py), and every kind of request has its own threads
(lanes.py).
"""

import asyncio
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, cast

import uvicorn

from moderator.domain.urls.addresses import Network
from moderator.web.server.capacity import ConnectionCapacity
from moderator.web.server.connection import Connection
from moderator.web.server.gateway import Gateway, Traffic, one_lane
from moderator.web.server.head import Environ
from moderator.web.server.incoming import RequestLimits, Shared

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["RequestLimits", "Server", "Traffic", "build_server", "one_lane"]

BACKLOG = 256  # connections that wait to be accepted
DEFAULT = RequestLimits()
TICK = 0.25  # seconds between two looks at what waits for a thread


class Server(uvicorn.Server):
    """Listens on one address; `effective_port` is the port the system chose for 0."""

    def __init__(
        self, listener: socket.socket, gateway: Gateway, shared: Shared, config: uvicorn.Config
    ) -> None:
        super().__init__(config)
        self._listener = listener
        self._gateway = gateway
        self._limits = shared.limits
        self._room = shared.room
        self.effective_host, self.effective_port = listener.getsockname()[:2]

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until `stop`, then finish what was begun."""
        super().run(sockets or [self._listener])

    def stop(self) -> None:
        """Ask `run` to end; may be called from a signal and from another thread."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are caught by who runs us

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.start()
        self._sweeping = asyncio.create_task(self._sweep())
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self._sweeping.cancel()
        self._gateway.stop()
        for connection in self._room:
            connection.abort()
        await asyncio.sleep(0)  # they are told

    async def _sweep(self) -> None:
        pause = min(TICK, self._limits.request_seconds / 4)
        clock = asyncio.get_running_loop().time
        swept = clock()
        while True:
            await asyncio.sleep(pause)
            self._gateway.refuse_overdue()
            now = clock()
            if now - swept >= min(1.0, 4 * pause):
                swept = now
                for connection in self._room:
                    connection.sweep(now)


def build_server(
    app: "WSGIApplication",
    *,
    host: str,
    port: int,
    traffic: Traffic,
    trusted_proxies: tuple[Network, ...] = (),
    limits: RequestLimits = DEFAULT,
) -> Server:
    """Return a server that listens already. `trusted_proxies` are those of proxies before us.

    Raises OSError when it cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # asyncio would, but does not know by this socket that it is TCP; what is accepted inherits it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    room: ConnectionCapacity[Connection] = ConnectionCapacity(limits.size)
    shared = Shared(limits, _environ(listener), trusted_proxies, room, traffic.watcher)
    gateway = Gateway(app, traffic)
    config = uvicorn.Config(
        gateway,  # it takes HTTP only
        interface="asgi3",
        http=cast("type[Connection]", partial(Connection, shared)),
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=int(limits.idle_seconds),
        timeout_graceful_shutdown=int(limits.drain_seconds),
    )
    return Server(listener, gateway, shared, config)


def _environ(listener: socket.socket) -> Environ:
    host, port = listener.getsockname()[:2]
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
