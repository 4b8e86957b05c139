"""The good host of the SSRF lab, which is not always good: one behaviour per path of the cases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.lab import Behaviour, Origin, Request, answer, send

OK = b"ok"
REDIRECTS = {
    "/r_ok", "/r_https", "/r_int", "/r_schemeless", "/r_user", "/r_v6", "/r_port", "/r_file",
    "/r_loop",
}  # fmt: skip
MIB = 1024 * 1024


class Behaviours:
    """`ports` maps the port numbers of the cases to the real ones, filled before any request."""

    def __init__(self, ports: dict[str, int], inside: str) -> None:
        self._ports = ports
        self._inside = inside

    async def __call__(self, writer: asyncio.StreamWriter, request: Request) -> None:
        path = request.path.partition("?")[0]
        location = self._location(path)
        if location:
            await send(writer, answer(status=302, headers={"Location": location}))
        elif path in ODD:
            await send(writer, *ODD[path])
        elif path in SLOW:
            await SLOW[path](writer, request)
        elif path == "/ok":
            await send(writer, answer(OK))
        else:
            await send(writer, answer(status=404))

    def _location(self, path: str) -> str:
        port, inside = self._ports["25100"], self._inside
        if path.startswith("/chain"):
            left = int(path.removeprefix("/chain"))
            return f"/chain{left - 1}" if left else "/ok"
        return {
            "/r_ok": "/ok",
            "/r_https": f"https://good.test:{self._ports['25101']}/ok",
            "/r_int": f"http://{inside}:{port}/s",
            "/r_schemeless": f"//{inside}:{port}/s",
            "/r_user": f"http://good.test:{port}@{inside}:{port}/s",
            "/r_v6": f"http://[::ffff:{inside}]:{port}/s",
            "/r_port": "http://good.test:6379/",
            "/r_file": "file:///etc/passwd",
            "/r_loop": "/r_loop",
        }.get(path, "")


ODD: dict[str, tuple[bytes, ...]] = {
    "/big": (
        answer(headers={"Content-Length": str(128 * MIB)}),
        *(b"x" * MIB for _ in range(128)),
    ),
    "/encchain": (answer(b"x", headers={"Content-Encoding": ", ".join(["gzip"] * 200)}),),
    "/hugechunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    ),
    "/twocl": (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",),
    "/shortcl": (answer(b"short", headers={"Content-Length": "5000"}),),
}


async def _hang(_writer: asyncio.StreamWriter, _: Request) -> None:
    await asyncio.Event().wait()


async def _drip_body(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, answer(headers={"Content-Length": "100000"}))
    while True:
        await send(writer, b"drip.")
        await asyncio.sleep(1)


async def _drip_header(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while True:
        await send(writer, b"d")
        await asyncio.sleep(1)


async def _flood_1xx(writer: asyncio.StreamWriter, _: Request) -> None:
    while True:
        await send(writer, b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
        await asyncio.sleep(0.01)


async def _flood_headers(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, b"HTTP/1.1 200 OK\r\n")
    while True:
        await send(writer, b"X-Flood: flood\r\n" * 100)


async def _secret(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, answer(b"secret"))


def is_known_page(path: str) -> bool:
    """Whether a host of the lab does something of its own there, or is meant to be refused."""
    return path in {*REDIRECTS, *ODD, *SLOW, "/ok", "/s", "/", "/latest/"} or path.startswith(
        "/chain"
    )


SECRET: Behaviour = _secret
SLOW: dict[str, Behaviour] = {
    "/hang": _hang,
    "/dripbody": _drip_body,
    "/driphdr": _drip_header,
    "/inf1xx": _flood_1xx,
    "/hdrflood": _flood_headers,
}


@asynccontextmanager
async def hold_tls(host: str) -> AsyncIterator[Origin]:
    """A server that accepts and never answers the handshake."""
    served = Origin(host, 0)
    held: list[asyncio.StreamWriter] = []

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        held.append(writer)

    server = await asyncio.start_server(hold, host, 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for writer in held:
            writer.close()
