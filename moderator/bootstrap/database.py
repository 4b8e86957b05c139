"""Opens the database, and brings the clock that everything else is handed."""

from datetime import UTC, datetime

from moderator.settings import Settings
from moderator.storage.base.database import Database, LockPatience


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the clock that everything else is handed


def open_database(settings: Settings, patience: LockPatience = LockPatience()) -> Database:  # noqa: B008
    if not settings.database_url:
        # What lies here holds the sites' secrets and what visitors wrote.
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database(settings.database(), synchronous=settings.sqlite_synchronous, patience=patience)
