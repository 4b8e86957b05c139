"""Wires what a web process needs."""

import platform
import secrets
from datetime import timedelta

from moderator.bootstrap.parts import build_hints, build_sign_in, clock, open_database
from moderator.clients.redis.hints import BackgroundHints
from moderator.platforms import platform_of
from moderator.settings import Settings
from moderator.storage.base.database import OF_THE_WEB
from moderator.storage.dashboard.api import SubmissionStatusRows
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.decisions.moderation import ModerationRows
from moderator.storage.intake.group_commit import GroupCommit
from moderator.storage.intake.rows import IntakeRows
from moderator.storage.people.sites import SiteRows
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from moderator.storage.upkeep.probe import Probe
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.dashboard import DashboardReads
from moderator.usecases.moderate.decide import Moderate
from moderator.usecases.moderate.submission_status import ReadSubmission
from moderator.usecases.operate.ready import CheckReadiness
from moderator.usecases.run.heartbeat import Heartbeat
from moderator.usecases.services import Dashboard, Services


def build_services(settings: Settings) -> Services:
    """What a web process needs; opens nothing until the first request asks."""
    database = open_database(settings, OF_THE_WEB)
    sites = SiteRows(database)
    pulse = HeartbeatRows(database)
    hints = BackgroundHints(build_hints(settings))
    return Services(
        accept=Accept(GroupCommit(IntakeRows(database)), sites, hints, settings.max_waiting),
        sites=sites,
        show=ReadSubmission(SubmissionStatusRows(database)),
        ready=CheckReadiness(pulse, Probe(database)),
        clock=clock,
        entropy=secrets.token_bytes,
        heartbeat=Heartbeat(pulse, "web", f"{platform.node()} {settings.port}"),
        dashboard=Dashboard(
            sign_in=build_sign_in(database),
            reads=DashboardReads(DashboardRows(database)),
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
