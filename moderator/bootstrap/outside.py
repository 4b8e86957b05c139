"""Wires what waits for the network: callbacks, remote checks, later looks, corrections."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from moderator.bootstrap.event_log import StandardLog
from moderator.bootstrap.own_loop import OwnLoop
from moderator.bootstrap.parts import Step, build_bell, clock, new_token
from moderator.checks import REMOTE
from moderator.checks.source_link import SourceLink
from moderator.clients.courier import HttpCourier
from moderator.clients.fetch.counted import CountedFetcher
from moderator.clients.fetch.fetcher import USER_AGENT, GuardedFetcher
from moderator.clients.fetch.sources import GuardedSourceFetchers, QuotaBudget
from moderator.clients.wordpress import WordPressClient
from moderator.domain.check import RemoteTools
from moderator.domain.ports import Hints, SpamOpinion
from moderator.domain.queue import Job
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.fetching.fetch_quota import FetchQuotaRows
from moderator.storage.fetching.in_threads import FetchQuotaInThreads, LinkCacheInThreads
from moderator.storage.fetching.link_cache import LinkCacheRows
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.judging.reverify import ReverificationRows
from moderator.storage.judging.rows import JudgingRows
from moderator.storage.learning.feedback import FeedbackRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.queue import Queue
from moderator.storage.wordpress import WordPressRows
from moderator.usecases.deliver import Deliver
from moderator.usecases.intake.accept import Accept
from moderator.usecases.judge.ask_again import AskAgain
from moderator.usecases.judge.remote import CheckRemote
from moderator.usecases.learn.feedback import SendFeedback
from moderator.usecases.linkback.reverify import Reverify
from moderator.usecases.wordpress.poll import Poll
from moderator.usecases.wordpress.round import RoundTools
from moderator.usecases.wordpress.set_status import SetStatus

if TYPE_CHECKING:
    from moderator.clients.akismet import AkismetService
    from moderator.clients.dns_blocklists import DnsBlocklists

OTHER_NAME = "Mozilla/5.0 (compatible; linkback check)"


class Outside:
    """The drains that have an event loop each, so that none waits for another."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        hints: Hints,
        stopping: threading.Event,
        count: Callable[[str], object],
    ) -> None:
        self._settings = settings
        self._count = count  # how a fetch ended
        self._database = database
        self._hints = hints
        self._stopping = stopping
        self._queue, self._sites = Queue(database), SiteRows(database)
        self._akismet = LateAkismet(settings.akismet_url)
        self._courier = HttpCourier(clock)
        self._ways = self._all_ways()
        self._loops = {job: OwnLoop(job) for job in Job}

    def steps(self) -> dict[Job, Step]:
        drains: dict[Job, Callable[[], Coroutine[None, None, int]]] = {
            Job.CHECK_REMOTE: self._reach(),
            Job.ASK_AGAIN: self._ask(),
            Job.REVERIFY: self._reverify(),
            Job.DELIVER: self._deliver(),
            Job.SEND_FEEDBACK: self._teach(),
            Job.POLL: self._poll(),
        }
        return {job: self._loops[job].wrap(drain) for job, drain in drains.items()}

    def close(self) -> None:
        """Hang up; no drain may run any more."""
        for job, loop in self._loops.items():
            loop.close(self._courier.close if job is Job.DELIVER else None)

    def _reach(self) -> CheckRemote:
        return CheckRemote(
            queue=self._queue,
            store=JudgingRows(self._database),
            sites=self._sites,
            remote=REMOTE,
            tools=self._ways,
            new_token=new_token,
            hints=self._hints,
            stopping=self._stopping,
            platform_of=platform_of,
            announce=build_bell(self._settings).ring,
        )

    def _ask(self) -> AskAgain:
        return AskAgain(
            queue=self._queue,
            store=JudgingRows(self._database),
            sites=self._sites,
            remote=REMOTE,
            tools=self._ways,
            new_token=new_token,
            hints=self._hints,
            stopping=self._stopping,
        )

    def _reverify(self) -> Reverify:
        return Reverify(
            queue=self._queue,
            store=ReverificationRows(self._database),
            sites=self._sites,
            source_check=SourceLink(),
            # Another name: who shows a page to our first name only is found out.
            tools=replace(self._ways, sources=self._sources(OTHER_NAME, remember=0)),
            platform_of=platform_of,
            new_token=new_token,
            hints=self._hints,
            schedule=self._settings.reverify_schedule,
            stopping=self._stopping,
        )

    def _deliver(self) -> Deliver:
        return Deliver(
            queue=self._queue,
            store=DeliveryRows(self._database),
            sites=self._sites,
            courier=SetStatus(
                blog=WordPressClient(),
                tried=WordPressRows(self._database).tried,
                courier=self._courier,
            ),
            new_token=new_token,
            random=secrets.SystemRandom().random,
            schedule=self._settings.delivery_schedule,
            stopping=self._stopping,
        )

    def _teach(self) -> SendFeedback:
        corrections = FeedbackRows(self._database)
        return SendFeedback(
            queue=self._queue,
            store=corrections,
            sites=self._sites,
            receiver=self._akismet,
            new_token=new_token,
            log=StandardLog(),
            stopping=self._stopping,
        )

    def _poll(self) -> Poll:
        accept = Accept(
            store=IntakeRows(self._database),
            sites=self._sites,
            hints=self._hints,
            max_waiting=self._settings.max_waiting,
        )
        return Poll(
            queue=self._queue,
            store=WordPressRows(self._database),
            sites=self._sites,
            tools=RoundTools(
                blog=WordPressClient(),
                accept=accept,
                entropy=secrets.token_bytes,
                log=StandardLog(),
            ),
            revive=DeliveryRows(self._database).revive,
            new_token=new_token,
            every=timedelta(seconds=self._settings.wordpress_poll_seconds),
            stopping=self._stopping,
        )

    def _all_ways(self) -> RemoteTools:
        return RemoteTools(
            fetcher=CountedFetcher(GuardedFetcher(), self._count),
            spam_service=self._akismet,
            link_cache=LinkCacheInThreads(LinkCacheRows(self._database)),
            sources=self._sources(),
            blocklists=self._blocklists(),
        )

    def _blocklists(self) -> "DnsBlocklists | None":
        zones = self._settings.dns_blocklists
        if not zones:
            return None
        from moderator.clients.dns_blocklists import DnsBlocklists  # noqa: PLC0415  # dnspython

        return DnsBlocklists(zones, self._settings.dns_resolver)

    def _sources(self, name: str = USER_AGENT, *, remember: float = 5) -> GuardedSourceFetchers:
        settings = self._settings
        rows = FetchQuotaInThreads(FetchQuotaRows(self._database))
        accounts = QuotaBudget(
            accounts=rows,
            per_domain=settings.source_fetches_per_domain,
            per_relay=settings.source_fetches_per_relay,
        )
        return GuardedSourceFetchers(
            fetcher=CountedFetcher(GuardedFetcher(budget=accounts, user_agent=name), self._count),
            budget=accounts,
            per_site=settings.source_fetches_per_site,
            overall=settings.source_fetches,
            remember=remember,
        )


class LateAkismet:
    """Akismet's client, imported when a site with a key first needs it: most have none.

    Honours domain.ports.SpamService and takes corrections, as clients/akismet.py does.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._lock = threading.Lock()
        self._service: AkismetService | None = None

    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        service = await self._loaded()
        return await service.ask(submission, site)

    async def send_feedback(self, submission: Submission, site: Site, *, is_spam: bool) -> bool:
        service = await self._loaded()
        return await service.send_feedback(submission, site, is_spam=is_spam)

    async def _loaded(self) -> "AkismetService":
        """In a thread: an import of 200 ms would stop everything else in the event loop."""
        if self._service:
            return self._service
        return await asyncio.to_thread(self._load)

    def _load(self) -> "AkismetService":
        from moderator.clients.akismet import AkismetService  # noqa: PLC0415  # httpx

        with self._lock:
            if not self._service:
                self._service = AkismetService(self._base_url)
        return self._service
