"""Wires what a worker process runs."""

import asyncio
import logging
import secrets
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from moderator.bootstrap.parts import build_hints, clock, new_token, open_database
from moderator.checks import LOCAL, REMOTE
from moderator.checks.source_link import SourceLink
from moderator.clients.akismet_client import AkismetService
from moderator.clients.courier import HttpCourier
from moderator.clients.dns_blocklists import DnsBlocklists
from moderator.clients.http import USER_AGENT, GuardedFetcher
from moderator.clients.near_index import RedisNearIndex
from moderator.clients.sources import AccountedBudget, Sources
from moderator.domain.check import Reach
from moderator.domain.errors import ModeratorError
from moderator.domain.jobs import Job
from moderator.domain.ports import Hints
from moderator.judgement.model import shared_model
from moderator.judgement.scorer import Scorer
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.corrections import CorrectionRows
from moderator.storage.database import Database
from moderator.storage.deliveries import DeliveryRows
from moderator.storage.fetch_accounts import FetchAccountRows
from moderator.storage.judging import JudgingRows
from moderator.storage.layers import LayerRows
from moderator.storage.link_memory import LinkMemoryRows
from moderator.storage.pulse import PulseRows
from moderator.storage.purge import PurgeRows
from moderator.storage.queue import Queue
from moderator.storage.relooking import LookRows
from moderator.storage.sites import SiteRows
from moderator.usecases.check import Check
from moderator.usecases.deliver import Deliver
from moderator.usecases.draining import Draining
from moderator.usecases.learn import Learn
from moderator.usecases.mend import Mend
from moderator.usecases.reach import ReachOut
from moderator.usecases.reverify import Reverify
from moderator.usecases.surroundings import Surroundings
from moderator.usecases.sweep import Sweep
from moderator.usecases.teach import Teach

OTHER_NAME = "Mozilla/5.0 (compatible; linkback check)"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker process runs: a drain per job, the sweep, and the mending of the index."""

    drains: Mapping[Job, Draining]
    sweep: Callable[[], int]
    mend: Callable[[], int]
    stopping: threading.Event
    database: Database


def build_worker(settings: Settings) -> Worker:
    database = open_database(settings)
    queue, store, sites = Queue(database), JudgingRows(database), SiteRows(database)
    hints = build_hints(settings)
    stopping = threading.Event()
    near = RedisNearIndex(settings.redis_url) if settings.redis_url else None
    model, layers = shared_model(), LayerRows(database)
    is_across = settings.campaigns_across_sites == "on"
    surroundings = Surroundings(store, sites, near, Scorer(model, layers.get), is_across)
    check = Check(queue, store, surroundings, LOCAL, REMOTE, platform_of, new_token, hints)
    akismet = AkismetService(settings.akismet_url)
    ways = _ways(settings, database, akismet)
    corrections = CorrectionRows(database)
    teach = Teach(queue, corrections, sites, akismet, new_token, stopping)
    reach = ReachOut(queue, store, sites, REMOTE, ways, platform_of, new_token, hints, stopping)
    steps: dict[Job, Callable[[], int]] = {
        Job.CHECK: check,
        Job.REACH: in_own_loop(reach),
        Job.REVERIFY: in_own_loop(_reverify(settings, database, ways, hints, stopping)),
        Job.DELIVER: in_own_loop(_deliver(settings, database, stopping)),
        Job.LEARN: Learn(queue, store, layers, sites, model, new_token),
        Job.TEACH: in_own_loop(teach),
    }
    drains = {
        job: Draining(guarded(step, job), stopping, lambda job=job: hints.clear(job))  # type: ignore[misc]  # mypy does not see the default
        for job, step in steps.items()
    }
    sweep = Sweep(queue, hints, drains, PulseRows(database), PurgeRows(database))
    mend = guarded(Mend(store, near, new_token, stopping), "mend") if near else lambda: 0
    return Worker(drains, guarded(sweep, "sweep"), mend, stopping, database)


def _ways(settings: Settings, database: Database, akismet: AkismetService) -> Reach:
    zones = settings.dns_blocklists
    return Reach(
        GuardedFetcher(),
        akismet,
        LinkMemoryRows(database),
        _sources(settings, database),
        DnsBlocklists(zones, settings.dns_resolver) if zones else None,
    )


def _reverify(
    settings: Settings, database: Database, ways: Reach, hints: Hints, stopping: threading.Event
) -> Reverify:
    return Reverify(
        Queue(database),
        LookRows(database),
        SiteRows(database),
        SourceLink(),
        # Another name: who shows a page to our first name only is found out.
        replace(ways, sources=_sources(settings, database, OTHER_NAME, remember=0)),
        platform_of,
        new_token,
        hints,
        settings.reverify_schedule,
        stopping,
    )


def _sources(
    settings: Settings, database: Database, name: str = USER_AGENT, *, remember: float = 5
) -> Sources:
    accounts = AccountedBudget(FetchAccountRows(database), settings.source_fetches_per_domain)
    limits = (settings.source_fetches_per_site, settings.source_fetches)
    return Sources(GuardedFetcher(budget=accounts, user_agent=name), accounts, *limits, remember)


def _deliver(settings: Settings, database: Database, stopping: threading.Event) -> Deliver:
    tls = ssl.create_default_context()  # once: it reads every certificate of the system
    return Deliver(
        Queue(database),
        DeliveryRows(database),
        SiteRows(database),
        lambda: HttpCourier(clock, tls=tls),
        new_token,
        secrets.SystemRandom().random,
        settings.delivery_schedule,
        stopping,
    )


def in_own_loop(drain: Callable[[], Awaitable[int]]) -> Callable[[], int]:
    """An asynchronous drain as a plain call, with an event loop of its own."""

    async def run() -> int:
        return await drain()

    return lambda: asyncio.run(run())


def guarded(step: Callable[[], int], name: str) -> Callable[[], int]:
    """What fails on purpose (the database is away) ends the drain, not the process."""

    def run() -> int:
        try:
            return step()
        except ModeratorError as error:
            log.warning("drain=%s ended error=%s", name, error)
            return 0

    return run
