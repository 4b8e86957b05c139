"""Asks a blog's own REST API, as a user of it, through the guard that every fetch passes."""

import base64
import ssl

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from moderator import __version__
from moderator.clients.fetch.body import read_body
from moderator.clients.fetch.guard import Resolver, SystemResolver, connector, judge
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.site import Site, WordPressAccess
from moderator.domain.timing.deadlines import deadline
from moderator.domain.urls.parse import strict
from moderator.platforms.wordpress_rest.answers import WordPressAnswer
from moderator.platforms.wordpress_rest.requests import WordPressRequest

SECONDS = 20.0  # for one request, name look-up included
ANSWER_BYTES = 32 * 1024 * 1024  # of an answer, decoded: more than the longest comments take
HEADROOM = 1024 * 1024  # for headers, and for what is read ahead
NAME = f"Moderator/{__version__} (comments)"
NO_TIMEOUT = ClientTimeout(total=None, connect=None, sock_connect=None)  # SECONDS is the one


class WordPressClient:
    """Honours usecases/wordpress/blog.py WordPressBlog."""

    def __init__(
        self,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._resolver = resolver or SystemResolver()
        self._tls = tls
        self._seconds = seconds

    async def ask(self, site: Site, request: WordPressRequest) -> WordPressAnswer:
        """Send one request; follows no redirect. Raises FetchError."""
        try:
            async with deadline(self._seconds):
                return await self._ask(site, request)
        except TimeoutError as error:
            raise FetchError(f"no complete answer in {self._seconds:g} s") from error
        except RefusedError as error:
            raise FetchError(str(error)) from error
        except (ClientError, OSError, ValueError) as error:
            kind = type(error).__name__
            raise FetchError(f"{kind}: the blog could not be reached") from error

    async def _ask(self, site: Site, request: WordPressRequest) -> WordPressAnswer:
        access = site.wordpress
        if access is None:
            raise FetchError("the site is not reached over its REST API")
        url = strict(access.url + request.path)
        judged = await judge(url, self._resolver, site.allowed_addresses)
        async with (
            ClientSession(
                connector=connector(judged, self._tls, most=ANSWER_BYTES + HEADROOM),
                cookie_jar=DummyCookieJar(),
                skip_auto_headers=() if request.has_name else ("User-Agent",),
                auto_decompress=False,
                trust_env=False,
                timeout=NO_TIMEOUT,
            ) as session,
            session.request(
                "POST" if request.body else "GET",
                URL(url.href, encoded=True),
                data=request.body or None,
                headers=_headers(access, request),
                allow_redirects=False,
            ) as response,
        ):
            return await _read(response)


def _headers(access: WordPressAccess, request: WordPressRequest) -> dict[str, str]:
    pair = base64.b64encode(f"{access.user}:{access.password}".encode()).decode()
    headers = {
        "Authorization": f"Basic {pair}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }
    if request.has_name:
        headers["User-Agent"] = NAME
    if request.body:
        headers["Content-Type"] = request.media_type
    return headers


async def _read(response: ClientResponse) -> WordPressAnswer:
    coding = response.headers.get("Content-Encoding", "")
    body, is_cut = await read_body(response.content, {"content-encoding": coding}, ANSWER_BYTES)
    if is_cut:
        raise FetchError(f"the answer is longer than {ANSWER_BYTES} bytes")
    return WordPressAnswer(
        response.status,
        body,
        retry_after=_number(response.headers.get("Retry-After", "")),
        location=response.headers.get("Location", ""),
        total=_number(response.headers.get("X-WP-Total", "")),
    )


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004
