"""Sends callbacks over HTTP: signed anew for each try, through the same guard as every fetch."""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
)
from yarl import URL

from moderator import __version__
from moderator.clients.fetch.body import read_body
from moderator.clients.fetch.guard import Resolver, SystemResolver, connector, judge
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.site import SignatureProfile, Site
from moderator.domain.urls.parse import strict
from moderator.signing import Sealed, seal

SECONDS = 10  # for one try, name look-up included
ANSWER_BYTES = 65_536  # of an answer that are read, decoded
SHOWN = 200  # characters of a blog's reason that are kept
EMPTY = frozenset({204, 205})  # statuses of answers without a body
CONNECTIONS = 8  # to one blog
IDLE = 4.0  # seconds that a connection is kept: less than usual servers keep theirs
JUDGED = 60.0  # seconds after which an address is judged again, between two drains
NO_TIMEOUT = ClientTimeout(total=None, connect=None, sock_connect=None)  # SECONDS is the one
HEADERS = {
    "Accept-Encoding": "gzip",
    "Content-Type": "application/json",
    "User-Agent": f"Moderator/{__version__} (callbacks)",
}


@dataclass(slots=True)
class _Line:
    """Open connections to one callback address of one site, judged at `since`."""

    session: ClientSession
    address: URL
    allowed: frozenset[tuple[str, int]]  # of the site, when it was judged
    since: float


class HttpCourier:
    """Honours usecases/ports.py Courier; stays in one event loop, and keeps its connections."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._resolver = resolver or SystemResolver()
        self._tls = tls
        self._lines: dict[tuple[str, str], _Line] = {}  # by site and address
        self._old: list[_Line] = []
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    async def send(self, site: Site, callback: Callback) -> CallbackAnswer:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._send(site, callback)
        except TimeoutError:
            return CallbackAnswer(0, f"no complete answer in {self._seconds:g} s")
        except (FetchError, RefusedError) as error:
            return CallbackAnswer(0, str(error))
        except (ClientError, OSError, ValueError) as error:
            return CallbackAnswer(0, f"{type(error).__name__}: the blog could not be reached")

    async def rest(self) -> None:
        """Put away lines that were judged long ago: a name may lead elsewhere now."""
        now = asyncio.get_running_loop().time()
        for key, line in list(self._lines.items()):
            if now - line.since > JUDGED:
                self._old.append(self._lines.pop(key))
        self._locks = {key: self._locks[key] for key in self._lines}
        while self._old:
            await self._old.pop().session.close()

    async def close(self) -> None:
        self._old += self._lines.values()
        self._lines.clear()
        await self.rest()

    async def _send(self, site: Site, callback: Callback) -> CallbackAnswer:
        line = await self._line(site, callback.url or site.callback_url)
        try:
            return await self._post(line, site, callback)
        except ServerDisconnectedError:
            # A kept connection that the blog has closed meanwhile; if not, once more does no harm.
            return await self._post(line, site, callback)

    async def _line(self, site: Site, address: str) -> _Line:
        key = (site.id, address)
        line = self._lines.get(key)
        if line is not None and line.allowed == site.allowed_addresses:
            return line
        async with self._locks.setdefault(key, asyncio.Lock()):
            line = self._lines.get(key)
            if line is None or line.allowed != site.allowed_addresses:
                self._old += [line] if line is not None else []
                line = self._lines[key] = await self._open(site, address)
            return line

    async def _open(self, site: Site, address: str) -> _Line:
        url = strict(address)
        judged = await judge(url, self._resolver, site.allowed_addresses)
        session = ClientSession(
            connector=connector(judged, self._tls, connections=CONNECTIONS, idle=IDLE),
            cookie_jar=DummyCookieJar(),
            headers=HEADERS,
            auto_decompress=False,
            trust_env=False,
            timeout=NO_TIMEOUT,
        )
        now = asyncio.get_running_loop().time()
        return _Line(session, URL(url.href, encoded=True), site.allowed_addresses, now)

    async def _post(self, line: _Line, site: Site, callback: Callback) -> CallbackAnswer:
        sealed = _sealed(site, callback, self._clock())
        async with line.session.post(
            line.address, data=sealed.body, headers=sealed.headers, allow_redirects=False
        ) as response:
            return await _read(response)


def _sealed(site: Site, callback: Callback, now: datetime) -> Sealed:
    """What an Akismet client is told proves itself by its key: no secret goes there beside it."""
    is_standard = site.signature_profile is SignatureProfile.STANDARD
    if callback.url and not is_standard:
        return Sealed({}, callback.body)
    return seal(site, callback.id, callback.body, now=now)


async def _read(response: ClientResponse) -> CallbackAnswer:
    """What a blog says with a 2xx is read to its end: it may be that it did not apply the verdict.

    Who cannot be understood is asked again: a blog knows a callback that it has taken.
    """
    answer = CallbackAnswer(
        response.status, retry_after=_seconds(response.headers.get("Retry-After", ""))
    )
    if not answer.is_taken:
        return replace(answer, error=f"the blog answered {response.status}")
    try:
        body, is_cut = await _body(response)
    except (ClientError, FetchError):
        return replace(answer, error="the answer was not complete, or coded in an unknown way")
    if is_cut and body.lstrip()[:1] == b"{":
        return replace(answer, error=f"the answer is longer than {ANSWER_BYTES} bytes")
    return replace(answer, refusal=_refusal(body))


async def _body(response: ClientResponse) -> tuple[bytes, bool]:
    """The answer, and whether it was cut. Raises ClientError, FetchError."""
    coding = response.headers.get("Content-Encoding", "")
    if response.status in EMPTY or response.content_length == 0:  # whatever it says of its coding
        return b"", False
    return await read_body(response.content, {"content-encoding": coding}, ANSWER_BYTES)


def _refusal(body: bytes) -> str:
    """The blog's reason in `{"applied": false, "reason": ...}`, '' when it applied the verdict."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):  # any other body is no refusal
        return ""
    if not isinstance(answer, dict) or answer.get("applied") is not False:
        return ""
    reason = answer.get("reason")
    said = reason if isinstance(reason, str) else ""
    # A database need not take what a blog can say: NUL, half a surrogate pair.
    return _printable(said[:SHOWN]) or "the blog did not apply it"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _seconds(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004
