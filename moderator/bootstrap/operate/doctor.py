"""Wires what `moderator doctor` looks at."""

import asyncio
import secrets
import shutil
import stat
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from moderator.bootstrap.operate.opened import missing, opened
from moderator.bootstrap.parts import clock
from moderator.bootstrap.services import send_once
from moderator.clients.akismet import AkismetService
from moderator.clients.blocklist_trial import try_lists
from moderator.clients.mail import SmtpMail
from moderator.clients.public_page import who_answers
from moderator.clients.redis.connect import ask_redis
from moderator.domain.decisions.delivery import CallbackAnswer
from moderator.domain.pages.health import ListReport
from moderator.domain.site import Site
from moderator.settings import Settings
from moderator.storage.people.sites import SiteRows
from moderator.storage.upkeep.health import HealthRows
from moderator.usecases.operate.health import CheckHealth, HealthCheck, HealthState
from moderator.usecases.operate.site_pages import TryCallback
from moderator.usecases.operate.surroundings import LookAround, Machine


def check_health(settings: Settings, *, asks_others: bool = True) -> list[HealthCheck]:
    """Everything that was found; `asks_others`: who is outside, too."""
    if said := missing(settings):
        where, _, cure = said.partition(": ")
        return [HealthCheck(what="database", state=HealthState.FAIL, detail=where, cure=cure)]
    ask = partial(ask_redis, settings.redis_url) if settings.redis_url else None
    with opened(settings, as_it_is=True) as database:
        around = _around(settings)
        if asks_others:
            around = _asking(settings, around)
        check = CheckHealth(
            store=HealthRows(database),
            ask_redis=ask,
            sites=SiteRows(database).all,
            around=around,
        )
        return check(clock())


def _around(settings: Settings) -> LookAround:
    return LookAround(
        machine=_machine(settings),
        public_url=settings.public_url,
        host=settings.host,
        now=clock(),
    )


def _asking(settings: Settings, around: LookAround) -> LookAround:
    mail = SmtpMail(settings.smtp_url, settings.mail_from)
    return replace(
        around,
        callback=_try_callback,
        akismet=partial(_try_key, AkismetService(settings.akismet_url)),
        who_answers=who_answers,
        mail=mail.try_out if settings.smtp_url else None,
        lists=partial(_try_lists, settings) if settings.dns_blocklists else None,
    )


def _machine(settings: Settings) -> Machine:
    """The disk is that of SQLite's database, or else that of DATA_DIR."""
    file = settings.database_file()
    disk = (file.parent if file is not None else settings.data_dir).absolute()
    free = shutil.disk_usage(disk).free if disk.is_dir() else None
    return Machine(
        folder=str(settings.data_dir), mode=_mode(settings.data_dir), disk=str(disk), free=free
    )


def _mode(folder: Path) -> int | None:
    return stat.S_IMODE(folder.stat().st_mode) if folder.is_dir() else None


def _try_callback(site: Site) -> CallbackAnswer:
    return TryCallback(send_once, secrets.token_bytes)(site, clock())


def _try_key(akismet: AkismetService, site: Site) -> str:
    return asyncio.run(akismet.refuses(site))


def _try_lists(settings: Settings) -> Sequence[ListReport]:
    return asyncio.run(try_lists(settings.dns_blocklists, settings.dns_resolver))
