"""Opens the database, and brings the clock that everything else is handed."""

from datetime import UTC, datetime

from moderator.settings import Settings
from moderator.storage.base.database import Database, LockPatience
from moderator.storage.base.private import private_folder


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the clock that everything else is handed


def open_database(
    settings: Settings,
    patience: LockPatience = LockPatience(),  # noqa: B008  # frozen
    *,
    in_time: bool = False,
) -> Database:
    if not settings.database_url:
        private_folder(settings.data_dir)
    return Database(
        settings.database(),
        synchronous=settings.sqlite_synchronous,
        patience=patience,
        in_time=in_time,
    )
