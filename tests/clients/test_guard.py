import asyncio
import socket

import pytest

from moderator.clients.fetch.fetcher import FetchLimits, GuardedFetcher
from moderator.clients.fetch.guard import SystemResolver, connector, judge
from moderator.domain.errors import FetchError
from moderator.domain.urls.parse import strict
from tests.lab import FakeResolver, Request, answer, origin, send

HERE = "127.0.0.1"


def test_the_machine_knows_itself() -> None:
    assert HERE in asyncio.run(SystemResolver().resolve("localhost"))


def test_the_same_resolver_serves_one_loop_after_the_other() -> None:
    resolver = SystemResolver()
    for _ in range(2):
        assert asyncio.run(resolver.resolve("localhost"))


def test_a_name_that_cannot_be_one_is_an_error() -> None:
    with pytest.raises(OSError, match=r".+"):
        asyncio.run(SystemResolver().resolve("a" * 300))


def test_a_name_without_addresses_is_an_error() -> None:
    resolver = FakeResolver({"empty.test": [[]]})
    with pytest.raises(FetchError, match="does not resolve"):
        asyncio.run(judge(strict("http://empty.test/"), resolver, frozenset()))


def test_the_socket_itself_refuses_what_was_not_judged() -> None:
    async def try_another() -> None:
        allowed = frozenset({(HERE, 8080)})
        judged = await judge(strict(f"http://{HERE}:8080/"), FakeResolver({}), allowed)
        door = connector(judged, GuardedFetcher()._tls)  # noqa: SLF001 - any context will do
        factory = door._socket_factory  # noqa: SLF001 - what aiohttp calls
        assert factory is not None
        for address in (("127.0.0.2", 8080), (HERE, 8081)):
            with pytest.raises(OSError, match="not judged"):
                factory((socket.AF_INET, socket.SOCK_STREAM, 0, "", address))
        factory((socket.AF_INET, socket.SOCK_STREAM, 0, "", (HERE, 8080))).close()
        await door.close()

    asyncio.run(try_another())


def test_no_more_fetches_at_once_than_allowed() -> None:
    under_way, most = 0, 0
    pair = asyncio.Barrier(2)

    async def count(writer: asyncio.StreamWriter, _: Request) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await pair.wait()
        under_way -= 1
        await send(writer, answer(b"hello"))

    async def run() -> None:
        async with origin(count) as good:
            fetcher = GuardedFetcher(limits=FetchLimits(seconds=20, at_once=2))
            url, allowed = f"http://{HERE}:{good.port}/", frozenset({(HERE, good.port)})
            pages = await asyncio.gather(*(fetcher.get(url, allowed=allowed) for _ in range(12)))
            assert [page.body for page in pages] == [b"hello"] * 12

    asyncio.run(run())
    assert most == 2
