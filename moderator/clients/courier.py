"""Carries callbacks to blogs: signed anew for each try, through the same guard as every fetch."""

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import datetime

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from moderator import __version__
from moderator.clients.guard import Resolver, SystemResolver, connector, judge
from moderator.domain.delivery import Answer, Callback
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.site import Site
from moderator.domain.urls import strict
from moderator.signing import sign

SECONDS = 10  # for one try, name look-up included
ANSWER_BYTES = 4096  # of an answer that are read
CONNECTIONS = 8  # to one blog
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": f"Moderator/{__version__} (callbacks)",
}


class HttpCourier:
    """Honours usecases/deliver.py Courier; lives for one drain, in one event loop."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._resolver = resolver or SystemResolver()
        self._tls = tls or ssl.create_default_context()  # reads every certificate: 20 ms
        self._sessions: dict[str, ClientSession] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def send(self, site: Site, callback: Callback) -> Answer:
        try:
            async with asyncio.timeout(SECONDS):
                session = await self._session(site)
                return await self._post(session, site, callback)
        except TimeoutError:
            return Answer(0, f"no answer in {SECONDS} s")
        except (FetchError, RefusedError) as error:
            return Answer(0, str(error))
        except (ClientError, OSError, ValueError) as error:
            return Answer(0, f"{type(error).__name__}: the blog could not be reached")

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    async def _session(self, site: Site) -> ClientSession:
        """One session per site: its address is judged once per drain."""
        async with self._locks.setdefault(site.id, asyncio.Lock()):
            session = self._sessions.get(site.id)
            if session is None:
                judged = await judge(
                    strict(site.callback_url), self._resolver, site.allowed_addresses
                )
                session = ClientSession(
                    connector=connector(judged, self._tls, connections=CONNECTIONS),
                    cookie_jar=DummyCookieJar(),
                    headers=HEADERS,
                    trust_env=False,
                    timeout=ClientTimeout(total=SECONDS),
                )
                self._sessions[site.id] = session
            return session

    async def _post(self, session: ClientSession, site: Site, callback: Callback) -> Answer:
        signature = sign(callback.id, callback.body, secrets=site.secrets, now=self._clock())
        address = URL(strict(site.callback_url).href, encoded=True)
        async with session.post(
            address, data=callback.body, headers=signature, allow_redirects=False
        ) as response:
            return await _read(response)


async def _read(response: ClientResponse) -> Answer:
    body = await response.content.read(ANSWER_BYTES)
    return Answer(
        status=response.status,
        error="" if response.ok else f"the blog answered {response.status}",
        refusal=_refusal(body) if response.status == 200 else "",  # noqa: PLR2004
        retry_after=_seconds(response.headers.get("Retry-After", "")),
    )


def _refusal(body: bytes) -> str:
    """The blog's reason in `{"applied": false, "reason": ...}`, '' when it applied the verdict."""
    try:
        answer = json.loads(body)
    except ValueError:  # any other body is no refusal
        return ""
    if isinstance(answer, dict) and answer.get("applied") is False:
        return str(answer.get("reason") or "the blog did not apply it")[:200]
    return ""


def _seconds(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004
