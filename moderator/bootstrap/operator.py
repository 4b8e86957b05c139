"""Wires what the operator's commands need."""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderator.bootstrap.operate.opened import opened
from moderator.bootstrap.parts import build_sign_in, clock, new_token
from moderator.bootstrap.worker import build_worker
from moderator.checks import LOCAL, REMOTE
from moderator.checks.link_validity import LinkValidity
from moderator.clients.akismet import AkismetService
from moderator.clients.fetch.fetcher import GuardedFetcher
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.clients.wordpress import WordPressClient
from moderator.domain.check import RemoteTools
from moderator.domain.content.fingerprint import digest
from moderator.domain.events.arrival import Arrival, Event
from moderator.domain.policy import Policy
from moderator.domain.ports import Fetcher
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.judgement.learning.stream_learner import StreamLearner
from moderator.judgement.near.index import MemoryNearIndex
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from moderator.platforms import BY_NAME
from moderator.settings import Settings
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.fetching.in_threads import LinkCacheInThreads
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.history.approved import ApprovedRows
from moderator.storage.history.received import HistoryRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.site_models import SiteModelRows
from moderator.storage.people.accounts import AccountRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.upkeep.backup import Backups
from moderator.storage.upkeep.health import HealthRows
from moderator.storage.upkeep.removal import RemovalRows
from moderator.storage.wordpress import WordPressRows
from moderator.usecases.intake.accept import rules
from moderator.usecases.linkback.recheck_links import RecheckLinks
from moderator.usecases.moderate.sign_in import SignIn
from moderator.usecases.offline.replay import ReplayedVerdict, replay
from moderator.usecases.offline.stream import Stream
from moderator.usecases.operate.change_sites import ChangeSite, RemoveSite
from moderator.usecases.operate.retention import ChooseRetention
from moderator.usecases.operate.sites import ManageSites
from moderator.usecases.run.near_index import RefillNearIndex
from moderator.usecases.wordpress.connect import ConnectWordPress

FIRST = "admin"  # the first moderator's name


@contextmanager
def open_sign_in(settings: Settings, *, may_make: bool = False) -> Iterator[SignIn]:
    with opened(settings, may_make=may_make) as database:
        yield build_sign_in(database)


@contextmanager
def open_accounts(settings: Settings) -> Iterator[AccountRows]:
    with opened(settings) as database:
        yield AccountRows(database)


def first_login(settings: Settings) -> str:
    """The first moderator's one-time link, '' when somebody can log in already."""
    with open_sign_in(settings, may_make=True) as sign_in:
        token = sign_in.first(FIRST, now=clock())
    return welcome_link(settings, token) if token else ""


def welcome_link(settings: Settings, token: str) -> str:
    return f"{settings.public().rstrip('/')}/welcome/{token}"


@contextmanager
def open_backups(settings: Settings, *, may_make: bool = False) -> Iterator[Backups]:
    with opened(settings, as_it_is=True, may_make=may_make) as database:
        yield Backups(database)


def revive_deliveries(settings: Settings, site_id: str | None) -> int:
    with opened(settings) as database:
        return DeliveryRows(database).revive(site_id)


@dataclass(frozen=True, slots=True)
class SiteManagement:
    enrol: ManageSites
    sites: SiteRows
    wordpress: ConnectWordPress
    past: HistoryRows
    change: ChangeSite
    remove: RemoveSite
    retention: ChooseRetention


@contextmanager
def open_site_management(settings: Settings, *, may_make: bool = False) -> Iterator[SiteManagement]:
    with opened(settings, may_make=may_make) as database:
        sites = SiteRows(database)
        wordpress = ConnectWordPress(
            sites=sites, store=WordPressRows(database), blog=WordPressClient()
        )
        yield SiteManagement(
            enrol=ManageSites(sites, secrets.token_bytes),
            sites=sites,
            wordpress=wordpress,
            past=HistoryRows(database),
            change=ChangeSite(sites, BY_NAME),
            remove=RemoveSite(sites, RemovalRows(database)),
            retention=ChooseRetention(sites, settings.retention()),
        )


def build_fetcher() -> Fetcher:
    """The guarded fetcher; building it reads the system's certificates once."""
    return GuardedFetcher()


def seed_demo(settings: Settings, submissions: Sequence[Submission]) -> None:
    """Send submissions as their blog would, and judge them here and now."""
    worker = build_worker(settings)
    arrivals = [
        Arrival(event=Event.CREATED, submission=submission, digest=digest(submission.id))
        for submission in submissions
    ]
    IntakeRows(worker.database).add(arrivals, rules(SiteRows(worker.database)))
    for job in (Job.CHECK_LOCAL, Job.CHECK_REMOTE):
        worker.drains[job]()
    worker.close()


def statuses(settings: Settings, site_id: str) -> dict[str, str]:
    with opened(settings, as_it_is=True) as database:
        return HealthRows(database).statuses(site_id)


@contextmanager
def open_layers(settings: Settings) -> Iterator[SiteModelRows]:
    with opened(settings) as database:
        yield SiteModelRows(database)


def rebuild_near(settings: Settings, told: Callable[[int], object]) -> int | None:
    """Read all that the near index should know again; None when Redis does not answer.

    `told` hears of how many more were read.
    """
    if not settings.redis_url:
        return None
    near = RedisNearIndex(
        settings.redis_url, prefix=settings.redis_prefix, keep=timedelta(days=settings.near_days)
    )
    with opened(settings, as_it_is=True) as database:
        if not near.doubt():
            return None
        return RefillNearIndex(
            archive=JudgingRows(database),
            near=near,
            new_token=new_token,
            stopping=threading.Event(),
            told=told,
        )()


@dataclass(frozen=True, slots=True)
class Recheck:
    site: Site
    store: ApprovedRows
    links: RecheckLinks
    now: datetime


@contextmanager
def open_recheck(settings: Settings, site_id: str) -> Iterator[Recheck | None]:
    """None when there is no such site."""
    with opened(settings) as database:
        site, store = SiteRows(database).get(site_id), ApprovedRows(database)
        akismet = AkismetService(settings.akismet_url)
        tools = RemoteTools(
            fetcher=GuardedFetcher(),
            spam_service=akismet,
            link_cache=LinkCacheInThreads(LinkCacheRows(database)),
        )
        links = RecheckLinks(store=store, check=LinkValidity(), tools=tools)
        yield None if site is None else Recheck(site=site, store=store, links=links, now=clock())


@dataclass(frozen=True, slots=True)
class TrialSite:
    site: Site
    recent: HistoryRows


@contextmanager
def open_trial(settings: Settings, site_id: str) -> Iterator[TrialSite | None]:
    """What entries of lists are tried on; None when there is no such site."""
    with opened(settings) as database:
        site = SiteRows(database).get(site_id)
        yield None if site is None else TrialSite(site, HistoryRows(database))


@contextmanager
def open_replay(
    settings: Settings, site_id: str, policy_of: Callable[[Policy], Policy]
) -> Iterator[Iterator[ReplayedVerdict] | None]:
    """What a site was sent, judged again by another policy; None when there is no such site."""
    with opened(settings) as database:
        site = SiteRows(database).get(site_id)
        if site is None:
            yield None
            return
        anew = replace(site, policy=policy_of(site.policy))
        learner = StreamLearner(shared_model())
        scorer = Scorer(learner.model, learner.layer_of)
        stream = Stream(site=anew, local=LOCAL, near=MemoryNearIndex(), text_judge=scorer)
        remote = frozenset(check.name for check in REMOTE)
        yield replay(HistoryRows(database), site.id, stream, learner, remote)
