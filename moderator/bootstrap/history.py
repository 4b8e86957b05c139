"""Wires what takes a site's history in, and out again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from moderator.bootstrap.database import clock
from moderator.bootstrap.operate.opened import opened
from moderator.clients.redis.near_index import RedisNearIndex
from moderator.domain.errors import NotFoundError
from moderator.domain.ports import NearIndex
from moderator.intake.imports import ExportFormat
from moderator.intake.imports.files import ExportFile
from moderator.settings import Settings
from moderator.storage.history.exported import ExportRows
from moderator.storage.intake.imports import ImportRows
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.export_history import ExportHistory
from moderator.usecases.operate.import_history import ImportHistory


@dataclass(frozen=True, slots=True)
class HistoryImport:
    file: ExportFile
    import_history: ImportHistory


@contextmanager
def open_import(
    settings: Settings, site_id: str, form: ExportFormat, path: Path
) -> Iterator[HistoryImport]:
    """Raises NotFoundError when there is no such site or file."""
    file = ExportFile(path)
    with opened(settings) as database:
        sites = SiteRows(database)
        site = sites.get(site_id)
        if site is None:
            raise NotFoundError(f"There is no site {site_id}")
        yield HistoryImport(
            file,
            ImportHistory(
                store=ImportRows(database),
                choices=sites,
                near=_near(settings),
                site=site,
                now=clock(),
                title=form.TITLE,
            ),
        )


def _near(settings: Settings) -> NearIndex | None:
    if not settings.redis_url:
        return None
    return RedisNearIndex(
        settings.redis_url, prefix=settings.redis_prefix, keep=timedelta(days=settings.near_days)
    )


@contextmanager
def open_export(settings: Settings, site_id: str) -> Iterator[ExportHistory]:
    """Raises NotFoundError when there is no such site."""
    with opened(settings) as database:
        site = SiteRows(database).get(site_id)
        if site is None:
            raise NotFoundError(f"There is no site {site_id}")
        yield ExportHistory(store=ExportRows(database), site=site, now=clock())
