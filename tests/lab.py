"""A little internet on loopback: origins that behave as told, names that resolve as told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme

Behaviour = Callable[[asyncio.StreamWriter, "Request"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Origin:
    """A server that logs every connection; `connections` counts, `requests` remembers."""

    host: str
    port: int
    connections: int = 0
    requests: list[Request] = field(default_factory=list)


@dataclass(slots=True)
class FakeResolver:
    """Answers from a table. A list of lists is given out one lookup after the other (rebinding)."""

    table: dict[str, list[list[str]]]
    asked: list[str] = field(default_factory=list)
    stalls: frozenset[str] = frozenset()

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host in self.stalls:
            await asyncio.Event().wait()
        answers = self.table.get(host)
        if answers is None:
            raise OSError("no such name")
        return answers[min(self.asked.count(host), len(answers)) - 1]


@asynccontextmanager
async def origin(
    behave: Behaviour,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Origin]:
    """Serve `behave` for every request; each connection carries one."""
    served = Origin(host, port)
    busy: set[asyncio.Task[object]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        served.connections += 1
        try:
            request = await _read(reader)
            served.requests.append(request)
            await behave(writer, request)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away, as it may
        except asyncio.CancelledError:
            pass  # the lab closes; raised on, asyncio would print it
        finally:
            busy.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, host, port, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    pairs = (line.partition(": ") for line in lines)
    headers = {name.lower(): value for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


async def send(writer: asyncio.StreamWriter, *pieces: bytes) -> None:
    for piece in pieces:
        writer.write(piece)
        await writer.drain()


def answer(body: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of one HTTP answer."""
    told = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    told |= headers or {}
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def authority(*names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS for a server of these names, and for a client that trusts its authority."""
    root = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert(*names).configure_cert(server)
    client = ssl.create_default_context()
    root.configure_trust(client)
    return server, client
