"""Wires real parts together. The only file that knows stores and clients by name."""

import asyncio
import logging
import secrets
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from moderator.checks import LOCAL, REMOTE
from moderator.clients.akismet_client import AkismetService
from moderator.clients.courier import HttpCourier
from moderator.clients.hints import BackgroundHints, CeleryHints, NoHints, celery_app
from moderator.clients.http import GuardedFetcher
from moderator.clients.near_index import RedisNearIndex
from moderator.clients.redis_program import ask_redis, redis_command
from moderator.domain.arrival import Arrival, Event
from moderator.domain.check import Reach
from moderator.domain.errors import ModeratorError
from moderator.domain.fingerprint import digest
from moderator.domain.jobs import Job
from moderator.domain.ports import Fetcher
from moderator.domain.submission import Submission
from moderator.judgement.model import shared_model
from moderator.judgement.scorer import Scorer
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.accounts import AccountRows
from moderator.storage.database import Database
from moderator.storage.deliveries import DeliveryRows
from moderator.storage.grouping import GroupedIntake
from moderator.storage.intake import IntakeRows
from moderator.storage.judging import JudgingRows
from moderator.storage.link_memory import LinkMemoryRows
from moderator.storage.migrate import upgrade
from moderator.storage.moderation import ModerationRows
from moderator.storage.pulse import PulseRows
from moderator.storage.queue import Queue
from moderator.storage.reading import ReadingRows
from moderator.storage.sites import SiteRows
from moderator.storage.views import ViewRows
from moderator.storage.vitals import VitalRows
from moderator.usecases import Desk, Services
from moderator.usecases.accept import Accept
from moderator.usecases.check import Check
from moderator.usecases.deliver import Deliver
from moderator.usecases.draining import Draining
from moderator.usecases.enrol import Enrol
from moderator.usecases.examine import Examine, Symptom
from moderator.usecases.look import Look
from moderator.usecases.moderate import Moderate
from moderator.usecases.reach import ReachOut
from moderator.usecases.ready import Ready
from moderator.usecases.show import Show
from moderator.usecases.sign_in import Passwords, SignIn
from moderator.usecases.surroundings import Surroundings
from moderator.usecases.sweep import Sweep

__all__ = ["celery_app", "redis_command", "upgrade"]

log = logging.getLogger(__name__)


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the clock that everything else is handed


def new_token() -> str:
    return secrets.token_hex(8)


def set_up_logging(settings: Settings) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level,
        format="%(asctime)s level=%(levelname)s logger=%(name)s %(message)s",
    )


def open_database(settings: Settings) -> Database:
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database(), synchronous=settings.sqlite_synchronous)


@contextmanager
def open_sign_in(settings: Settings) -> Iterator[SignIn]:
    database = open_database(settings)
    upgrade(database)
    try:
        yield _sign_in(database)
    finally:
        database.close()


def _sign_in(database: Database) -> SignIn:
    return SignIn(AccountRows(database), Passwords(), secrets.token_bytes)


def first_login(settings: Settings) -> str:
    """The first moderator's one-time link, '' when somebody can log in already."""
    with open_sign_in(settings) as sign_in:
        token = sign_in.first("admin", now=clock())
    return welcome_link(settings, token) if token else ""


def welcome_link(settings: Settings, token: str) -> str:
    return f"{settings.public().rstrip('/')}/welcome/{token}"


def revive_deliveries(database: Database, site_id: str | None) -> int:
    return DeliveryRows(database).revive(site_id)


@dataclass(frozen=True, slots=True)
class Enrolment:
    enrol: Enrol
    sites: SiteRows


@contextmanager
def open_enrolment(settings: Settings) -> Iterator[Enrolment]:
    database = open_database(settings)
    upgrade(database)
    sites = SiteRows(database)
    try:
        yield Enrolment(Enrol(sites, secrets.token_bytes), sites)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker process runs: a drain per job, and the sweep."""

    drains: Mapping[Job, Draining]
    sweep: Callable[[], int]
    stopping: threading.Event
    database: Database

    def forget_connections(self) -> None:
        """After a fork: the parent's connections are not ours."""
        self.database.engine.dispose(close=False)


def build_fetcher() -> Fetcher:
    """The guarded door; building it reads the system's certificates once."""
    return GuardedFetcher()


def build_worker(settings: Settings) -> Worker:
    database = open_database(settings)
    queue, store, sites = Queue(database), JudgingRows(database), SiteRows(database)
    hints = _hints(settings)
    stopping = threading.Event()
    near = RedisNearIndex(settings.redis_url) if settings.redis_url else None
    surroundings = Surroundings(store, sites, near, Scorer(shared_model()))
    check = Check(queue, store, surroundings, LOCAL, REMOTE, platform_of, new_token, hints)
    reach = ReachOut(
        queue,
        store,
        sites,
        REMOTE,
        Reach(GuardedFetcher(), AkismetService(settings.akismet_url), LinkMemoryRows(database)),
        platform_of,
        new_token,
        hints,
    )
    deliver = Deliver(
        queue,
        DeliveryRows(database),
        sites,
        lambda: HttpCourier(clock),
        new_token,
        secrets.SystemRandom().random,
        settings.delivery_schedule,
    )
    steps: dict[Job, Callable[[], int]] = {
        Job.CHECK: check,
        Job.REACH: in_own_loop(reach),
        Job.DELIVER: in_own_loop(deliver),
    }
    drains = {
        job: Draining(guarded(step, job), stopping, lambda job=job: hints.clear(job))  # type: ignore[misc]  # mypy does not see the default
        for job, step in steps.items()
    }
    sweep = Sweep(queue, hints, drains, PulseRows(database))
    return Worker(drains, guarded(sweep, "sweep"), stopping, database)


def _hints(settings: Settings) -> CeleryHints | NoHints:
    return CeleryHints(settings.redis_url) if settings.redis_url else NoHints()


def seed_demo(settings: Settings, submissions: Sequence[Submission]) -> None:
    """Send submissions as their blog would, and judge them here and now."""
    worker = build_worker(settings)
    arrivals = [
        Arrival(Event.CREATED, submission, digest(submission.id)) for submission in submissions
    ]
    IntakeRows(worker.database).add(arrivals)
    for job in (Job.CHECK, Job.REACH):
        worker.drains[job]()
    worker.database.close()


def statuses(settings: Settings, site_id: str) -> dict[str, str]:
    database = open_database(settings)
    try:
        return VitalRows(database).statuses(site_id)
    finally:
        database.close()


def examine(settings: Settings) -> list[Symptom]:
    database = open_database(settings)
    ask = partial(ask_redis, settings.redis_url) if settings.redis_url else None
    try:
        return Examine(VitalRows(database), ask)(clock())
    finally:
        database.close()


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


def build_services(settings: Settings) -> Services:
    """What a web process needs; opens nothing until the first request asks."""
    database = open_database(settings)
    sites = SiteRows(database)
    hints = BackgroundHints(_hints(settings))
    return Services(
        accept=Accept(GroupedIntake(IntakeRows(database)), hints, settings.max_waiting),
        sites=sites,
        show=Show(ViewRows(database)),
        ready=Ready(PulseRows(database)),
        clock=clock,
        entropy=secrets.token_bytes,
        desk=Desk(
            sign_in=_sign_in(database),
            look=Look(ReadingRows(database)),
            moderate=Moderate(
                ModerationRows(database),
                sites,
                hints,
                platform_of,
                timedelta(seconds=settings.grace_seconds),
            ),
            public_url=settings.public(),
        ),
    )
