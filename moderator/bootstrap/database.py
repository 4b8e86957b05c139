"""Opens the database, and brings the clock that everything else is handed."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from moderator.domain.decisions.metrics import Note
from moderator.settings import Settings
from moderator.storage.base.clock import DatabaseClock
from moderator.storage.base.database import Database, LockPatience
from moderator.storage.base.private import private_folder


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the clock that everything else is handed


def clock_of(database: Database) -> Callable[[], datetime]:
    """The one clock of all who share this database: its own, or on SQLite this machine's."""
    return DatabaseClock(database) if database.is_postgres else clock


def open_database(
    settings: Settings,
    patience: LockPatience = LockPatience(),  # noqa: B008  # frozen
    hear: Callable[[Sequence[Note]], object] = lambda _: None,
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
        hear=hear,
    )
