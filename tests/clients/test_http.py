import asyncio
import gzip

import pytest

from moderator.clients.fetch.fetcher import FetchLimits, GuardedFetcher
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.ports import FetchedPage
from tests.clients.fetching import HERE, ask, fetch, hello, saying
from tests.lab import Origin, Request, answer, send

PUBLIC = "93.184.216.34"


def test_a_page_is_fetched_with_an_honest_request() -> None:
    page, good, _, resolver = fetch(hello, ask)

    assert isinstance(page, FetchedPage)
    assert (page.status, page.body) == (200, b"hello")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.hops == (f"http://good.test:{good.port}/a?b=c#d",)
    (request,) = good.requests
    assert request.path == "/a?b=c"
    assert request.headers["host"] == f"good.test:{good.port}"
    assert request.headers["user-agent"].startswith("Moderator/")
    assert request.headers["accept-encoding"] == "gzip"
    assert "cookie" not in request.headers
    assert resolver.asked == ["good.test"]


def test_head_brings_no_body() -> None:
    async def ask_head(fetcher: GuardedFetcher, good: Origin, _inside: Origin) -> FetchedPage:
        allowed = frozenset({(HERE, good.port)})
        return await fetcher.get(f"http://{HERE}:{good.port}/", allowed=allowed, head=True)

    page, good, _, _ = fetch(saying(answer()), ask_head)

    assert isinstance(page, FetchedPage)
    assert (page.status, page.body) == (200, b"")
    assert [request.method for request in good.requests] == ["HEAD"]


@pytest.mark.parametrize(
    "template",
    [
        "http://127.0.0.1:{inside}/",
        "http://localhost:{inside}/",
        "http://[::1]:{inside}/",
        "http://[::ffff:127.0.0.1]:{inside}/",
        "http://127.1:{inside}/",
        "http://2130706433:{inside}/",
        "http://127.0.0.1/",
        "http://internal.test:{good}/",
        "http://internal.test/",
        "http://mixed.test/",
        "http://mixed.test:{good}/",
        "http://good.test:{inside}/",
        "http://good.test/",
        "http://public.test:8080/",
        "http://public.test:{good}/",
        "http://u:p@good.test:{good}/",
        "ftp://good.test:{good}/",
    ],
)
def test_what_is_not_public_and_not_exactly_allowed_is_never_dialled(template: str) -> None:
    async def ask_there(fetcher: GuardedFetcher, good: Origin, inside: Origin) -> FetchedPage:
        url = template.format(good=good.port, inside=inside.port)
        return await fetcher.get(url, allowed=frozenset({(HERE, good.port)}))

    table = {
        "localhost": [[HERE, "::1"]],
        "internal.test": [["10.0.0.1"]],
        "mixed.test": [[PUBLIC, HERE]],
        "public.test": [[PUBLIC]],
    }
    error, good, inside, _ = fetch(hello, ask_there, table=table)

    assert isinstance(error, RefusedError)
    assert (good.connections, inside.connections) == (0, 0)


def test_of_localhost_only_the_allowed_address_is_dialled() -> None:
    async def ask_localhost(fetcher: GuardedFetcher, good: Origin, _inside: Origin) -> FetchedPage:
        allowed = frozenset({(HERE, good.port)})
        return await fetcher.get(f"http://localhost:{good.port}/", allowed=allowed)

    page, good, _, _ = fetch(hello, ask_localhost, table={"localhost": [["::1", HERE]]})

    assert isinstance(page, FetchedPage)
    assert good.connections == 1


def test_a_name_is_asked_once_and_the_judged_address_is_dialled() -> None:
    table = {"good.test": [[HERE], ["10.0.0.1"]]}
    page, good, _, resolver = fetch(hello, ask, table=table)

    assert isinstance(page, FetchedPage)
    assert good.connections == 1
    assert resolver.asked == ["good.test"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{inside}/",
        "//127.0.0.1:{inside}/",
        "http://[::1]:{inside}/",
        "http://good.test:{inside}/",
        "http://good.test:{good}@127.0.0.1:{inside}/",
        "http://169.254.169.254/latest/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{inside}/",
    ],
)
def test_every_redirect_is_judged_again(location: str) -> None:
    ports: dict[str, int] = {}

    async def redirect(writer: asyncio.StreamWriter, _: Request) -> None:
        await send(writer, answer(status=302, headers={"Location": location.format(**ports)}))

    async def ask_noting(fetcher: GuardedFetcher, good: Origin, inside: Origin) -> FetchedPage:
        ports.update(good=good.port, inside=inside.port)
        return await ask(fetcher, good, inside)

    error, good, inside, _ = fetch(redirect, ask_noting)

    assert isinstance(error, RefusedError)
    assert (good.connections, inside.connections) == (1, 0)
    assert error.hops[0].startswith("http://good.test")


async def _count_down(writer: asyncio.StreamWriter, request: Request) -> None:
    left = int(request.path.rpartition("/")[2])
    if left:
        await send(writer, answer(status=301, headers={"Location": f"/{left - 1}"}))
    else:
        await send(writer, answer(b"arrived"))


@pytest.mark.parametrize("redirects", [0, 1, 5])
def test_redirects_within_the_limit_are_followed(redirects: int) -> None:
    async def ask_from(fetcher: GuardedFetcher, good: Origin, _inside: Origin) -> FetchedPage:
        allowed = frozenset({(HERE, good.port)})
        return await fetcher.get(f"http://good.test:{good.port}/{redirects}", allowed=allowed)

    page, good, _, _ = fetch(_count_down, ask_from)

    assert isinstance(page, FetchedPage)
    assert page.body == b"arrived"
    assert len(page.hops) == good.connections == redirects + 1
    assert page.url == page.hops[-1]


def test_the_sixth_redirect_is_not_followed() -> None:
    async def ask_from(fetcher: GuardedFetcher, good: Origin, _inside: Origin) -> FetchedPage:
        allowed = frozenset({(HERE, good.port)})
        return await fetcher.get(f"http://good.test:{good.port}/6", allowed=allowed)

    error, good, _, _ = fetch(_count_down, ask_from)

    assert isinstance(error, FetchError)
    assert good.connections == len(error.hops) == 6


def test_a_circle_of_redirects_ends_at_once() -> None:
    error, good, _, _ = fetch(saying(answer(status=302, headers={"Location": "/a?b=c#d"})), ask)

    assert isinstance(error, FetchError)
    assert good.connections == 1


def test_a_redirect_without_location_is_a_page() -> None:
    page, _, _, _ = fetch(saying(answer(b"moved", status=302)), ask)
    assert isinstance(page, FetchedPage)
    assert page.status == 302


def test_gzip_is_read() -> None:
    body = gzip.compress(b"hello " * 1000)
    page, _, _, _ = fetch(saying(answer(body, headers={"Content-Encoding": "gzip"})), ask)
    assert isinstance(page, FetchedPage)
    assert page.body == b"hello " * 1000
    assert not page.is_truncated


@pytest.mark.parametrize("coded", [True, False])
def test_a_body_is_cut_at_the_cap_after_decoding(coded: bool) -> None:  # noqa: FBT001
    body = b"a" * 200_000
    told = answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    page, _, _, _ = fetch(
        saying(told if coded else answer(body)), ask, limits=FetchLimits(body=1000)
    )
    assert isinstance(page, FetchedPage)
    assert page.body == b"a" * 1000
    assert page.is_truncated


BROKEN = {
    "two codings": answer(b"x", headers={"Content-Encoding": "gzip, gzip"}),
    "unasked coding": answer(b"x", headers={"Content-Encoding": "br"}),
    "no gzip": answer(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
    "cut gzip": answer(gzip.compress(b"a" * 5000)[:-9], headers={"Content-Encoding": "gzip"}),
    "short body": answer(b"x", headers={"Content-Length": "5000"}),
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    "huge chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc",
    "not http": b"\x16\x03\x01 this is not http at all\r\n\r\n",
    "nothing": b"",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X-Flood: f\r\n" * 5000 + b"\r\n",
    "long header": b"HTTP/1.1 200 OK\r\nX-Long: " + b"f" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_a_fetch_error(name: str) -> None:
    error, _, _, _ = fetch(saying(BROKEN[name]), ask)
    assert isinstance(error, FetchError)
    assert error.hops


def test_the_deadline_covers_headers_body_and_names() -> None:
    stop = asyncio.Event

    async def never(_writer: asyncio.StreamWriter, _: Request) -> None:
        await stop().wait()

    async def drip(writer: asyncio.StreamWriter, _: Request) -> None:
        await send(writer, answer(b"", headers={"Content-Length": "9"}), b"a")
        await stop().wait()

    for behave in (never, drip):
        error, _, _, _ = fetch(behave, ask, limits=FetchLimits(seconds=0.2))
        assert isinstance(error, FetchError)


def test_a_flood_of_interim_answers_is_cut_off_before_the_deadline() -> None:
    async def flood(writer: asyncio.StreamWriter, _: Request) -> None:
        while True:
            await send(writer, b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)

    error, _, _, _ = fetch(flood, ask, limits=FetchLimits(seconds=50))
    assert isinstance(error, FetchError)
    assert "No complete answer" not in str(error)


def test_no_proxy_and_no_netrc_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask_through(fetcher: GuardedFetcher, good: Origin, inside: Origin) -> FetchedPage:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
        return await ask(fetcher, good, inside)

    page, _, inside, _ = fetch(hello, ask_through)

    assert isinstance(page, FetchedPage)
    assert inside.connections == 0
