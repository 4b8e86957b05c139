import asyncio
import ssl

import pytest

from moderator.clients.fetch.budget import HostBudget
from moderator.clients.fetch.fetcher import FetchLimits, GuardedFetcher
from moderator.domain.errors import FetchError
from moderator.domain.ports import FetchedPage
from tests.clients.fetching import HERE, hello
from tests.lab import FakeResolver, authority, origin


def _tls_fetch(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> FetchedPage:
    async def run() -> FetchedPage:
        async with origin(hello, tls=server) as good:
            fetcher = GuardedFetcher(
                resolver=FakeResolver({"good.test": [[HERE]], "wrong.test": [[HERE]]}),
                tls=client,
                limits=FetchLimits(seconds=5),
            )
            url = f"https://{name}:{good.port}/"
            return await fetcher.get(url, allowed=frozenset({(HERE, good.port)}))

    return asyncio.run(run())


def test_tls_is_checked_against_the_name_not_the_address() -> None:
    server, client = authority("good.test")
    assert _tls_fetch(client, server, "good.test").body == b"hello"
    for name in ("wrong.test", HERE):
        with pytest.raises(FetchError):
            _tls_fetch(client, server, name)


def test_a_silent_host_is_not_asked_again_for_a_while() -> None:
    now = [0.0]
    budget = HostBudget(silence=30, clock=lambda: now[0])

    async def run() -> None:
        fetcher = GuardedFetcher(resolver=FakeResolver({"good.test": [[HERE]]}), budget=budget)
        async with origin(hello) as good:
            port = good.port
        url, allowed = f"http://good.test:{port}/", frozenset({(HERE, port)})
        with pytest.raises(FetchError, match="refuses the connection"):
            await fetcher.get(url, allowed=allowed)
        async with origin(hello, port=port) as good:
            with pytest.raises(FetchError, match="a moment ago"):
                await fetcher.get(url, allowed=allowed)
            assert good.connections == 0
            now[0] = 31
            page = await fetcher.get(url, allowed=allowed)
            assert page.status == 200

    asyncio.run(run())


def test_a_stalled_resolver_ends_at_the_deadline() -> None:
    async def run() -> None:
        resolver = FakeResolver({}, stalls=frozenset({"slow.test"}))
        fetcher = GuardedFetcher(resolver=resolver, limits=FetchLimits(seconds=0.1))
        with pytest.raises(FetchError):
            await fetcher.get("http://slow.test/")

    asyncio.run(run())
