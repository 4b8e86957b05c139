"""Whoever has us look at a victim ten thousand times gets a handful of looks."""

import asyncio
from contextlib import AsyncExitStack

from moderator.checks.source_link import SourceLink
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.clients.fetch.sources import GuardedSourceFetchers, QuotaBudget
from moderator.domain.check import RemoteTools
from moderator.domain.site import Site
from moderator.intake.linkback import pingback, webmention
from moderator.storage.base.database import Database
from moderator.storage.fetching.fetch_quota import FetchQuotaRows
from moderator.storage.fetching.in_threads import FetchQuotaInThreads
from moderator.storage.intake.rows import IntakeRows
from tests.builders import NOON, POST, a_site
from tests.fakes import RULES
from tests.house import House
from tests.intake.calls import a_call, form, ping
from tests.lab import Origin, Request, answer, origin, send
from tests.marks import EVERY_STATE
from tests.pages import NoMemory, NoSpamService

PINGS = 2_000 if EVERY_STATE else 500
PAGE = f'<title>A page</title><p>I read <a href="{POST.url}">The river</a> twice</p>'.encode()


async def behave(writer: asyncio.StreamWriter, _request: Request) -> None:
    await send(writer, answer(PAGE))


def ways_to_sources(database: Database, per_site: int = 1_000) -> RemoteTools:
    """As another process would build them: nothing but the database is shared."""
    budget = QuotaBudget(FetchQuotaInThreads(FetchQuotaRows(database)), 5, 60)
    sources = GuardedSourceFetchers(GuardedFetcher(budget=budget), budget, per_site, 1_000)
    return RemoteTools(GuardedFetcher(), NoSpamService(), NoMemory(), sources)


def claim(house: House, site: Site, sources: list[str]) -> None:
    arrivals = [
        pingback.parse(ping(source), a_call(site=site, new_id=lambda n=number: f"{site.id}-{n:05}"))
        for number, source in enumerate(sources)
    ]
    IntakeRows(house.database).add(arrivals, RULES)


def settle(house: House, site: Site) -> None:
    house.sites.add(site, key_prefix=site.id, key_digest=site.id, now=NOON)


class Street:
    """A victim that is named all the time, a bystander, and a site for each."""

    def __init__(self, database: Database, victim: Origin, bystander: Origin) -> None:
        self.house = House(database)
        self.victim = f"http://127.0.0.1:{victim.port}"
        self.bystander = f"http://[::1]:{bystander.port}"
        allowed = frozenset({("127.0.0.1", victim.port), ("::1", bystander.port)})
        self.flooded = a_site(id="flooded", source_addresses=allowed)
        self.quiet = a_site(id="quiet", source_addresses=allowed)
        settle(self.house, self.flooded)
        settle(self.house, self.quiet)

    async def work(self, *ways: RemoteTools) -> None:
        while self.house.check(remote=(SourceLink(),)):
            pass
        await asyncio.gather(*(self.house.second_stage(SourceLink(), ways=way)() for way in ways))
        while self.house.check(remote=(SourceLink(),)):
            pass

    def decided(self, site: Site) -> int:
        sql = f"SELECT count(*) FROM submissions WHERE site_id = '{site.id}' AND status <> 'queued'"  # noqa: S608  # ours
        return int(str(self.house.rows(sql)[0][0]))

    def let_a_minute_pass(self) -> None:
        with self.house.database.write() as connection:
            connection.exec_driver_sql("UPDATE fetch_accounts SET until = until - 66000")
            connection.exec_driver_sql("UPDATE queue SET due_at = 0 WHERE job = 'reach'")


async def flood(database: Database) -> None:
    async with AsyncExitStack() as stack:
        victim = await stack.enter_async_context(origin(behave))
        bystander = await stack.enter_async_context(origin(behave, host="::1"))
        street = Street(database, victim, bystander)
        claim(street.house, street.flooded, [f"{street.victim}/{n}" for n in range(PINGS)])
        claim(street.house, street.quiet, [f"{street.bystander}/{n}" for n in range(3)])
        await street.work(ways_to_sources(database), ways_to_sources(database))
        assert len(victim.requests) == 5
        assert street.decided(street.quiet) == 3
        assert street.decided(street.flooded) == 5
        (waiting,) = street.house.rows(
            "SELECT count(*), max(attempts) FROM queue WHERE job='reach'"
        )
        assert waiting == (PINGS - 5, 0)
        street.let_a_minute_pass()
        await street.work(ways_to_sources(database))
        assert (len(victim.requests), street.decided(street.flooded)) == (10, 10)


def test_a_victim_is_asked_five_times_a_minute_and_nobody_waits_for_it(database: Database) -> None:
    asyncio.run(flood(database))


LIKE = f'<div class="h-entry"><a class="u-like-of" href="{POST.url}"></a></div>'.encode()


async def like(writer: asyncio.StreamWriter, _request: Request) -> None:
    await send(writer, answer(LIKE))


def mention(house: House, site: Site, sources: list[str]) -> None:
    arrivals = [
        webmention.parse(
            form(source=source, target=POST.url),
            a_call(site=site, new_id=lambda n=number: f"{n:05}"),
        )
        for number, source in enumerate(sources)
    ]
    IntakeRows(house.database).add(arrivals, RULES)


async def night(database: Database) -> None:
    async with AsyncExitStack() as stack:
        bridge = await stack.enter_async_context(origin(like))
        bystander = await stack.enter_async_context(origin(behave, host="::1"))
        street = Street(database, bridge, bystander)
        mention(street.house, street.flooded, [f"{street.victim}/{n}" for n in range(139)])
        asked = 0
        for _ in range(4):
            await street.work(ways_to_sources(database))
            assert len(bridge.requests) - asked <= 60  # a bridge is no victim either
            asked = len(bridge.requests)
            street.let_a_minute_pass()
        assert street.decided(street.flooded) == 139


def test_the_likes_of_a_night_come_by_one_bridge_in_minutes(database: Database) -> None:
    asyncio.run(night(database))


async def crowd(database: Database) -> None:
    async with AsyncExitStack() as stack:
        victim = await stack.enter_async_context(origin(behave))
        bystander = await stack.enter_async_context(origin(behave, host="::1"))
        street = Street(database, victim, bystander)
        targets = [f"{POST.url}-{number}" for number in range(20)]
        arrivals = [
            pingback.parse(
                ping(f"{street.victim}/one", target),
                a_call(site=street.flooded, new_id=lambda n=number: f"{n:05}"),
            )
            for number, target in enumerate(targets)
        ]
        IntakeRows(database).add(arrivals, RULES)
        await street.work(ways_to_sources(database))
        assert len(victim.requests) == 1
        assert street.decided(street.flooded) == 20


def test_one_source_that_many_claims_name_is_fetched_once(database: Database) -> None:
    asyncio.run(crowd(database))


async def greed(database: Database) -> None:
    async with AsyncExitStack() as stack:
        victim = await stack.enter_async_context(origin(behave))
        bystander = await stack.enter_async_context(origin(behave, host="::1"))
        street = Street(database, victim, bystander)
        claim(street.house, street.flooded, [f"{street.victim}/{n}" for n in range(4)])
        claim(street.house, street.quiet, [f"{street.bystander}/{n}" for n in range(2)])
        await street.work(ways_to_sources(database, per_site=2))
        assert (len(victim.requests), len(bystander.requests)) == (2, 2)


def test_a_site_has_a_budget_of_its_own(database: Database) -> None:
    asyncio.run(greed(database))
