"""Imports as tests make them: exports of a few comments, and sites in other databases."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path

from moderator.domain.ports import NearIndex
from moderator.domain.site import Site
from moderator.domain.submission import Author, Format, Post
from moderator.intake.imports import Found
from moderator.intake.imports.comment import ExportedComment
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.moderator import read
from moderator.storage.base.database import Database
from moderator.storage.history.exported import ExportRows
from moderator.storage.intake.imports import ImportRows
from moderator.storage.people.sites import SiteRows
from moderator.usecases.operate.export_history import ExportHistory
from moderator.usecases.operate.import_history import ImportHistory
from tests.builders import NOON, POST

OPINION = "The council should have asked the people of the town before closing the library."
OFFER = "Order the blue lamp from the lamp desk tonight: https://lamp-desk-example.org/now"
CAROL = Author(name="Carol", email="carol@example.org", url="https://carol-example.org/")


def exported(
    number: int, text: str, status: str = "approved", **changes: object
) -> ExportedComment:
    defaults: dict[str, object] = {
        "id": str(number),
        "status": status,
        "content": text,
        "format": Format.TEXT,
        "created": NOON,
        "is_decided": status != "hold",
        "author": CAROL,
        "post": Post(id=POST.id, url=POST.url, title=POST.title),
    }
    return ExportedComment(**(defaults | changes))  # type: ignore[arg-type]  # named by the test


def site_in(database: Database, site_id: str = "blog") -> Site:
    site = SiteRows(database).get(site_id)
    assert site is not None
    return site


def import_into(
    database: Database,
    found: Iterable[Found],
    *,
    site_id: str = "blog",
    digest: str = "file",
    near: NearIndex | None = None,
    now: datetime | None = None,
) -> ImportHistory:
    site = site_in(database, site_id)
    rows, now = ImportRows(database), now or database.now()
    use = ImportHistory(rows, SiteRows(database), near, site, now, "a test")
    use(found, digest, lambda _: None)
    return use


def export_of(database: Database, site_id: str = "blog") -> bytes:
    written = BytesIO()
    ExportHistory(ExportRows(database), site_in(database, site_id), NOON)(written.write)
    return written.getvalue()


def records_of(folder: Path, export: bytes) -> list[Found]:
    path = folder / "export.jsonl"
    path.write_bytes(export)
    return list(read(ExportFile(path)))
