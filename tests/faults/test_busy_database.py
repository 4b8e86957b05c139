"""Somebody else holds the database for a while: the network goes on, and nobody seems silent."""

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from moderator.checks.source_link import SourceLink
from moderator.clients.fetch.fetcher import FetchLimits, GuardedFetcher
from moderator.clients.fetch.sources import GuardedSourceFetchers, QuotaBudget
from moderator.domain.check import RemoteTools
from moderator.domain.ports import FetchedPage
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.fetching.fetch_quota import FetchQuotaRows
from moderator.storage.fetching.in_threads import FetchQuotaInThreads
from moderator.storage.intake.rows import IntakeRows
from tests.builders import NOON, POST, a_site
from tests.clockwork import put_forward, run
from tests.databases import fresh
from tests.fakes import RULES
from tests.house import House
from tests.intake.calls import a_call, ping
from tests.lab import Request, answer, origin, send
from tests.pages import NoMemory, NoSpamService

PAGE = f'<title>A page</title><p>I read <a href="{POST.url}">The river</a> twice</p>'.encode()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another writer, in the middle of a transaction."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


class Accounts(FetchQuotaRows):
    """Says when it is asked for the second page of the source that redirects."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.loop = asyncio.get_running_loop()
        self.count = 0
        self.asked = asyncio.Event()

    def take(self, limits: Mapping[str, int]) -> float:
        self.count += 1
        if self.count > 4:  # two sources: each its site and its domain
            self.loop.call_soon_threadsafe(self.asked.set)
        return super().take(limits)


class Fetcher(GuardedFetcher):
    """Says when the slow page has come."""

    came: asyncio.Event

    async def get(
        self, url: str, *, allowed: frozenset[tuple[str, int]] = frozenset(), head: bool = False
    ) -> FetchedPage:
        page = await super().get(url, allowed=allowed, head=head)
        if url.endswith("/slow"):
            self.came.set()
        return page


class Street:
    """Two sources of one site: /slow answers late, /moved redirects late."""

    def __init__(self, path: Path) -> None:
        self.database = Database(f"sqlite:///{path}")
        fresh(self.database)
        self.house = House(self.database)
        self.reached = {"/slow": asyncio.Event(), "/moved": asyncio.Event()}
        self.go_on = {name: asyncio.Event() for name in self.reached}
        self.accounts = Accounts(self.database)

    async def behave(self, writer: asyncio.StreamWriter, request: Request) -> None:
        if request.path in self.reached:
            self.reached[request.path].set()
            await self.go_on[request.path].wait()
        if request.path == "/moved":
            await send(writer, answer(status=302, headers={"Location": "/here"}))
        else:
            await send(writer, answer(PAGE))

    def claim(self, port: int) -> None:
        site = a_site(id="busy", source_addresses=frozenset({("127.0.0.1", port)}))
        self.house.sites.add(site, key_prefix="mod_b", key_digest="b", now=NOON)
        for name in self.reached:
            call = a_call(site=site, new_id=lambda n=name: n)
            arrival = pingback.parse(ping(f"http://127.0.0.1:{port}{name}"), call)
            IntakeRows(self.database).add([arrival], RULES)

    def ways(self) -> tuple[Fetcher, RemoteTools]:
        budget = QuotaBudget(FetchQuotaInThreads(self.accounts), 100)
        fetcher = Fetcher(budget=budget, limits=FetchLimits(seconds=10))
        fetcher.came = asyncio.Event()
        sources = GuardedSourceFetchers(fetcher, budget, 100, 100)
        return fetcher, RemoteTools(fetcher, NoSpamService(), NoMemory(), sources)


async def two_sources(path: Path) -> list[str]:
    street = Street(path)
    async with origin(street.behave) as served:
        street.claim(served.port)
        street.house.check(remote=(SourceLink(),))
        fetcher, ways = street.ways()
        stage = asyncio.ensure_future(street.house.second_stage(SourceLink(), ways=ways)())
        for each in street.reached.values():
            await each.wait()
        with held(path):
            street.go_on["/moved"].set()
            await street.accounts.asked.wait()  # and now it waits for the database, in a thread
            street.go_on["/slow"].set()
            await fetcher.came.wait()  # while the other is answered
            put_forward(15)  # more than any page has; what is asked of us is not its time
            for _ in range(5):
                await asyncio.sleep(0)
        assert await stage == 2
    street.house.check(remote=(SourceLink(),))
    street.database.close()
    return [street.house.status(name) for name in street.reached]


def test_while_the_database_is_held_pages_are_read_and_their_time_stands_still(
    tmp_path: Path,
) -> None:
    assert run(two_sources(tmp_path / "test.db")) == ["approved", "approved"]
