"""Wires what a web process needs."""

import platform
import secrets
from datetime import timedelta

from moderator.bootstrap.event_log import StandardLog
from moderator.bootstrap.parts import (
    build_bell,
    build_hints,
    build_sign_in,
    build_trials,
    clock,
    clock_of,
    open_counted,
)
from moderator.bootstrap.rules import build_proposals, build_rules, build_thresholds
from moderator.clients.redis.hints import BackgroundHints
from moderator.domain.decisions.delivery import Callback, CallbackAnswer
from moderator.domain.site import Site
from moderator.platforms import BY_NAME, platform_of
from moderator.settings import Settings
from moderator.storage.answering.decided import AnswerRows
from moderator.storage.answering.tally import TallyRows
from moderator.storage.audit import AuditRows
from moderator.storage.base.database import OF_THE_WEB, Database
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.acts import ActRows
from moderator.storage.decisions.deliveries import DeliveryRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.history.mentions import MentionRows
from moderator.storage.intake.group_commit import GroupCommit
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.digests import DigestRows
from moderator.storage.people.line_claims import ClaimRows
from moderator.storage.people.notes import NoteRows
from moderator.storage.people.site_keys import SiteKeyRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.people.staff import StaffRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.probe import Probe
from moderator.storage.upkeep.removal import RemovalRows
from moderator.usecases.answering.ask import Ask
from moderator.usecases.answering.tally import Tally
from moderator.usecases.answering.watch import Watch
from moderator.usecases.intake.accept import Accept
from moderator.usecases.linkback.feed import ReadFeed
from moderator.usecases.moderate.claims import Claims
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.notes import WriteNote
from moderator.usecases.moderate.people import ManagePeople, OwnAccount
from moderator.usecases.moderate.resend import Resend
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.moderate.together import DecideTogether
from moderator.usecases.operate.audit import Audit
from moderator.usecases.operate.change_sites import ChangeSite, RemoveSite
from moderator.usecases.operate.digest import ChooseDigest
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.operate.retention import ChooseRetention
from moderator.usecases.operate.site_pages import SitePages, TryCallback
from moderator.usecases.operate.sites import ManageSites
from moderator.usecases.run.counting import RequestLog
from moderator.usecases.services import Dashboard, Services


def build_services(settings: Settings) -> Services:
    """What a web process needs; opens nothing until the first request asks."""
    counted = open_counted(settings, OF_THE_WEB)
    database = counted.database
    sites = SiteRows(database)
    hints = BackgroundHints(build_hints(settings))
    accept = Accept(
        store=GroupCommit(IntakeRows(database)),
        sites=sites,
        hints=hints,
        max_waiting=settings.max_waiting,
    )
    moderate = Moderate(
        store=ModerationRows(database),
        sites=sites,
        hints=hints,
        platform_of=platform_of,
        grace=timedelta(seconds=settings.grace_seconds),
    )
    return Services(
        accept=accept,
        sites=sites,
        show=ReadSubmission(SubmissionStatusRows(database)),
        ask=_ask(settings, database, accept),
        ready=CheckReadiness(HeartbeatRows(database), Probe(database)),
        feed=ReadFeed(sites, MentionRows(database)),
        clock=clock_of(database),
        entropy=secrets.token_bytes,
        public_url=settings.public_url,
        heartbeat=counted.heartbeat("web", f"{platform.node()} {settings.port}"),
        metrics=counted.metrics,
        close=database.close,
        metrics_token=settings.metrics_token,
        request_log=RequestLog(counted.counters, StandardLog()),
        dashboard=_dashboard(settings, database, moderate, sites),
    )


def _dashboard(
    settings: Settings, database: Database, moderate: Moderate, sites: SiteRows
) -> Dashboard:
    sign_in, staff = build_sign_in(database), StaffRows(database)
    rules = build_rules(database, sites, moderate.hints)
    return Dashboard(
        sign_in=sign_in,
        reads=DashboardReads(DashboardRows(database)),
        moderate=moderate,
        together=DecideTogether(ActRows(database), moderate),
        claims=Claims(ClaimRows(database)),
        note=WriteNote(NoteRows(database), secrets.token_bytes),
        resend=Resend(DeliveryRows(database), moderate.hints),
        people=ManagePeople(staff, sign_in),
        own_account=OwnAccount(staff, sign_in),
        sites=_site_pages(settings, database),
        rules=rules,
        audit=Audit(AuditRows(database)),
        propose=build_proposals(database, sites, rules),
        thresholds=build_thresholds(database, sites, moderate.hints),
        digest=ChooseDigest(store=DigestRows(database), is_on=bool(settings.smtp_url)),
        public_url=settings.public(),
    )


def _site_pages(settings: Settings, database: Database) -> SitePages:
    sites = SiteRows(database)
    return SitePages(
        sites=sites,
        keys=SiteKeyRows(database),
        manage=ManageSites(sites, secrets.token_bytes),
        change=ChangeSite(sites, BY_NAME),
        remove=RemoveSite(sites, RemovalRows(database)),
        try_callback=TryCallback(send_once, secrets.token_bytes),
        retention=ChooseRetention(sites, settings.retention()),
    )


async def send_once(site: Site, callback: Callback) -> CallbackAnswer:
    """Over a connection of its own, through the same guard as every callback."""
    from moderator.clients.courier import HttpCourier  # noqa: PLC0415  # aiohttp, for who tries one

    courier = HttpCourier(clock)
    try:
        return await courier.send(site, callback)
    finally:
        await courier.close()


def _ask(settings: Settings, database: Database, accept: Accept) -> Ask:
    """Two loops look for answers: in the database, and among what is only tried."""
    answers, trials, log = AnswerRows(database), build_trials(settings), StandardLog()
    return Ask(
        accept=accept,
        decisions=Watch(decisions=answers.decided, bell=build_bell(settings), log=log),
        trying=Watch(decisions=trials.decided, bell=build_bell(settings), log=log),
        trials=trials,
        late=answers,
        views=SubmissionStatusRows(database),
        tally=Tally(TallyRows(database), log),
        hints=accept.hints,
    )
