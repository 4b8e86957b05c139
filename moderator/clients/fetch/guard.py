"""Judges where a connection may go, and makes sure that it goes there and nowhere else.

1. The address is read strictly (domain/urls/parse.py): scheme, length, no tricks.
2. The port is 80 or 443, or belongs to an exact (IP, port) pair that an operator allowed.
3. The name is resolved once; if ANY answer is not public (and not allowed), the name is refused.
4. The connection is dialled to a judged address, with the original name for Host and TLS;
   the socket itself is judged too, because a literal address never asks a resolver.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from moderator.clients.fetch.loop_semaphore import LoopSemaphore
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.urls.addresses import Pairs, is_public, same_address
from moderator.domain.urls.parse import Url

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class MeteredSocket(socket.socket):
    """Receives at most `most` bytes in its life, then fails as if the other side had hung up.

    So who talks too much is not listened to: interim answers have no other cap.
    """

    __slots__ = ("_left",)

    def __init__(self, family: int, kind: int, proto: int, *, most: int) -> None:
        super().__init__(family, kind, proto)
        self._left = most

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        received = super().recv(bufsize, flags)
        self._spend(len(received))
        return received

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        count = super().recv_into(buffer, nbytes, flags)
        self._spend(count)
        return count

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise ConnectionAbortedError("the other side sends more than anybody asked for")


# What aiohttp gives a socket_factory: family, type, proto, canonical name, address.
Candidate = tuple[int, int, int, str, tuple[object, ...]]

OPEN_PORTS = frozenset({80, 443})
MAX_LOOKUPS = 128
RECEIVE_BUFFER = 64 * 1024


class Resolver(Protocol):
    """Names to addresses. Raises OSError when there is no answer."""

    async def resolve(self, host: str) -> Sequence[str]: ...


class SystemResolver:
    """The machine's resolver, asked in daemon threads: a lookup that hangs must not stop us."""

    def __init__(self) -> None:
        self._slots = LoopSemaphore(MAX_LOOKUPS)

    async def resolve(self, host: str) -> Sequence[str]:
        loop, slots = asyncio.get_running_loop(), self._slots.here()
        await slots.acquire()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def settle(found: list[str], error: OSError | None) -> None:
            slots.release()
            if answer.done():  # given up meanwhile
                return
            if error is None:
                answer.set_result(found)
            else:
                answer.set_exception(error)

        def look_up() -> None:
            outcome = _look_up(host)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, *outcome)

        threading.Thread(target=look_up, daemon=True).start()
        return await answer


def _look_up(host: str) -> tuple[list[str], OSError | None]:
    try:
        # bytes: the IDNA codec for str raises UnicodeError on labels that DNS itself takes
        answers = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    except OSError as error:
        return [], error
    return list(dict.fromkeys(str(entry[4][0]) for entry in answers)), None


@dataclass(frozen=True, slots=True)
class JudgedUrl:
    """An address that may be dialled, and the only IP addresses it may be dialled at."""

    url: Url
    addresses: tuple[str, ...]


async def judge(url: Url, resolver: Resolver, allowed: Pairs) -> JudgedUrl:
    """Raises RefusedError when the address may not be opened, FetchError when it has no answer."""
    permitted = frozenset((same_address(address), port) for address, port in allowed)
    if url.port not in OPEN_PORTS and url.port not in {port for _, port in permitted}:
        raise RefusedError(f"Port {url.port} is not opened for strangers")
    addresses = [url.host] if url.is_literal else await _resolve(url.host, resolver)
    if url.host == "localhost":  # one machine by definition: only what was allowed of it counts
        known = [one for one in addresses if (same_address(one), url.port) in permitted]
        addresses = known or addresses
    for address in addresses:
        is_open = url.port in OPEN_PORTS and is_public(address)
        if not is_open and (same_address(address), url.port) not in permitted:
            raise RefusedError("The host leads to an address that is not public")
    return JudgedUrl(url, tuple(addresses))


async def _resolve(host: str, resolver: Resolver) -> Sequence[str]:
    try:
        addresses = await resolver.resolve(host)
    except OSError as error:
        raise FetchError("The host name does not resolve") from error
    if not addresses:
        raise FetchError("The host name does not resolve")
    return addresses


class PinnedResolver(AbstractResolver):
    """Gives the connector the judged addresses; it never asks anybody."""

    def __init__(self, judged: JudgedUrl) -> None:
        self._judged = judged

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._judged.addresses
        ]

    async def close(self) -> None:
        return None


def connector(
    judged: JudgedUrl,
    tls: ssl.SSLContext | None,
    *,
    connections: int = 1,
    most: int = 2**62,
    idle: float | None = None,
) -> TCPConnector:
    """A connector to one judged address, each connection receiving at most `most` bytes.

    For strangers' pages it serves one request and is not used again; a site's own callback address
    may keep several connections open, each for `idle` seconds after its last use. Without `tls` it
    trusts whom the system trusts.
    """
    dialled = {(same_address(address), judged.url.port) for address in judged.addresses}

    def open_socket(candidate: Candidate) -> socket.socket:
        family, kind, proto, _, address = candidate
        if (same_address(str(address[0])), address[1]) not in dialled:
            raise OSError("the connection would go to an address that was not judged")
        opened = MeteredSocket(family, kind, proto, most=most)
        # Bounds what a flooding host can push at us before the cap on the body is noticed.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return opened

    return TCPConnector(
        resolver=PinnedResolver(judged),
        socket_factory=open_socket,
        use_dns_cache=False,
        force_close=connections == 1,
        keepalive_timeout=idle,
        ssl=tls or True,  # aiohttp's own reads every certificate of the system once per process
        limit=connections,
    )
