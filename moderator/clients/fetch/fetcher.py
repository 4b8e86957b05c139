"""The guarded fetcher: fetches addresses that strangers name (guard.py says which may be opened).

Every hop is read strictly, judged, and paid for from the host's budget; one deadline covers name
look-up, TLS, headers and body of all hops; bodies are cut at a cap after decoding. Nothing is taken
from the environment: no proxy, no netrc, no cookies, no connection is used twice.
"""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from moderator import __version__
from moderator.clients.fetch.body import read_body
from moderator.clients.fetch.budget import HostBudget
from moderator.clients.fetch.guard import (
    RECEIVE_BUFFER,
    JudgedUrl,
    Resolver,
    SystemResolver,
    connector,
    judge,
)
from moderator.clients.fetch.loop_semaphore import LoopSemaphore
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.ports import FetchedPage
from moderator.domain.timing.deadlines import deadline
from moderator.domain.urls.hosts import operator_of
from moderator.domain.urls.parse import Url, follow, strict

HEADROOM = 1024 * 1024  # for headers, and for what is read ahead
REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = f"Moderator/{__version__} (verifies links for comment moderation)"
HEADERS = {
    "Accept": "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Of one fetch, all hops together; and how many at once."""

    seconds: float = 10
    body: int = 1024 * 1024
    redirects: int = 5
    headers: int = 128
    at_once: int = 128  # fetches under way in one process


@dataclass(slots=True)
class _Walk:
    """One fetch on its way: what is asked for, and the addresses asked so far."""

    allowed: frozenset[tuple[str, int]]
    method: str
    began: float
    hops: list[str] = field(default_factory=list)
    host: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""
    is_truncated: bool = False


class GuardedFetcher:
    """Honours domain/ports.py Fetcher. One instance serves a whole process, in any event loop."""

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        budget: HostBudget | None = None,
        limits: FetchLimits | None = None,
        user_agent: str = USER_AGENT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = resolver or SystemResolver()
        self._tls = tls
        self._budget = budget or HostBudget(clock=clock)
        self._limits = limits or FetchLimits()
        self._slots = LoopSemaphore(self._limits.at_once)
        self._headers = {**HEADERS, "User-Agent": user_agent}
        self._clock = clock

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        """Fetch `url`. Raises RefusedError or FetchError, both with the hops asked so far."""
        async with self._slots.here():  # waiting for a slot is not the host's time
            walk = _Walk(allowed, "HEAD" if head else "GET", self._clock())
            return await self._get(url, walk)

    async def _get(self, url: str, walk: _Walk) -> FetchedPage:
        try:
            async with deadline(self._limits.seconds):
                return await self._walk(strict(url), walk)
        except TimeoutError as error:
            self._budget.note_silence(walk.host)
            seconds = self._limits.seconds
            raise FetchError(f"No complete answer in {seconds:g} s", tuple(walk.hops)) from error
        except (RefusedError, FetchError) as error:
            error.hops = tuple(walk.hops)
            raise

    async def _walk(self, url: Url, walk: _Walk) -> FetchedPage:
        while True:
            walk.hops.append(url.href)
            walk.host = url.authority
            self._budget.expect_answer(url.authority)
            judged = await self._judge(url, walk)
            await self._budget.spend(operator_of(url.host))
            answer = await self._ask(judged, walk.method)
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not location:
                return self._page(url, answer, walk)
            url = follow(location, url.href)
            if url.href in walk.hops:
                raise FetchError("The redirects go round in a circle")
            if len(walk.hops) > self._limits.redirects:
                raise FetchError(f"More than {self._limits.redirects} redirects")

    async def _judge(self, url: Url, walk: _Walk) -> JudgedUrl:
        try:
            return await judge(url, self._resolver, walk.allowed)
        except FetchError:
            self._budget.note_silence(url.authority)
            raise

    def _page(self, url: Url, answer: _Answer, walk: _Walk) -> FetchedPage:
        return FetchedPage(
            url=url.href,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            hops=tuple(walk.hops),
            milliseconds=round((self._clock() - walk.began) * 1000),
            is_truncated=answer.is_truncated,
        )

    async def _ask(self, judged: JudgedUrl, method: str) -> _Answer:
        address = URL(judged.url.href, encoded=True)
        # Two parsers, one opinion: what aiohttp dials must be what was judged.
        if (address.raw_host, address.port) != (judged.url.host, judged.url.port):
            raise RefusedError("The address can be read in two ways")
        try:
            async with (
                self._session(judged) as session,
                session.request(method, address, allow_redirects=False) as response,
            ):
                return await self._read(response)
        except (ClientError, HttpProcessingError, OSError, ValueError) as error:
            if isinstance(error, OSError):
                self._budget.note_silence(judged.url.authority)
            raise FetchError(_explain(error)) from error

    def _session(self, judged: JudgedUrl) -> ClientSession:
        return ClientSession(
            connector=connector(judged, self._tls, most=self._limits.body + HEADROOM),
            cookie_jar=DummyCookieJar(),
            headers=self._headers,
            auto_decompress=False,
            trust_env=False,
            timeout=ClientTimeout(total=None, connect=None, sock_read=None, sock_connect=None),
            max_headers=self._limits.headers,
            read_bufsize=RECEIVE_BUFFER,
        )

    async def _read(self, response: ClientResponse) -> _Answer:
        headers = {name.lower(): value for name, value in reversed(list(response.headers.items()))}
        if response.method == "HEAD" or not 200 <= response.status < 300:  # noqa: PLR2004 - 2xx
            return _Answer(response.status, headers)
        body, is_truncated = await read_body(response.content, headers, self._limits.body)
        return _Answer(response.status, headers, body, is_truncated)


def _explain(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError() | ssl.CertificateError():
            return "The certificate does not fit the host"
        case ssl.SSLError():
            return "No TLS connection could be made"
        case ClientConnectorError(os_error=ConnectionRefusedError()):
            return "The host refuses the connection"
        case OSError():
            return "The connection failed"
        case _:
            return "The answer is not valid HTTP or broke off"
