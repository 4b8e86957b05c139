"""Fetches from an allowed origin, beside an inside server that nobody may reach."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from moderator.clients.fetch.fetcher import FetchLimits, GuardedFetcher
from moderator.domain.errors import FetchError, RefusedError
from moderator.domain.ports import FetchedPage
from tests.lab import Behaviour, FakeResolver, Origin, Request, answer, origin, send

HERE = "127.0.0.1"


def fetch(
    behave: Behaviour,
    use: Callable[[GuardedFetcher, Origin, Origin], Awaitable[FetchedPage]],
    *,
    table: dict[str, list[list[str]]] | None = None,
    limits: FetchLimits | None = None,
) -> tuple[FetchedPage | Exception, Origin, Origin, FakeResolver]:
    """Run `use` against an allowed origin and an inside server that nobody may reach."""
    resolver = FakeResolver({"good.test": [[HERE]], **(table or {})})

    async def run() -> tuple[FetchedPage | Exception, Origin, Origin, FakeResolver]:
        async with AsyncExitStack() as stack:
            good = await stack.enter_async_context(origin(behave))
            inside = await stack.enter_async_context(origin(_secret))
            fetcher = GuardedFetcher(resolver=resolver, limits=limits or FetchLimits(seconds=5))
            try:
                result: FetchedPage | Exception = await use(fetcher, good, inside)
            except (RefusedError, FetchError) as error:
                result = error
            return result, good, inside, resolver

    return asyncio.run(run())


async def _secret(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, answer(b"secret"))


async def hello(writer: asyncio.StreamWriter, _: Request) -> None:
    await send(writer, answer(b"hello"))


def saying(*pieces: bytes) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter, _: Request) -> None:
        await send(writer, *pieces)

    return behave


async def ask(fetcher: GuardedFetcher, good: Origin, _inside: Origin) -> FetchedPage:
    allowed = frozenset({(HERE, good.port)})
    return await fetcher.get(f"http://good.test:{good.port}/a?b=c#d", allowed=allowed)
