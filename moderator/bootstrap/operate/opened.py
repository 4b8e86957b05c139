"""Opens the database for an operator's command: one that is there, brought up to this version."""

from collections.abc import Iterator
from contextlib import contextmanager

from moderator.bootstrap.database import open_database
from moderator.domain.errors import SettingsError
from moderator.settings import Settings
from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from moderator.storage.upkeep.probe import is_newest


@contextmanager
def opened(
    settings: Settings, *, as_it_is: bool = False, may_make: bool = False
) -> Iterator[Database]:
    """The database, brought up to this version unless it shall be seen as it is.

    Raises SettingsError where there is none, unless it may be made.
    """
    if not may_make and (said := missing(settings)):
        raise SettingsError(said)
    database = open_database(settings)
    try:
        if not as_it_is and not is_newest(database):
            upgrade(database)
        yield database
    finally:
        database.close()


def missing(settings: Settings) -> str:
    """What to do where there is no file yet; '' where there is one, or a server."""
    file = settings.database_file()
    if file is None or file.exists():
        return ""
    where = "is DATABASE_URL right" if settings.database_url else "is DATA_DIR right"
    return f"There is no database at {file}: {where}? If so, run `moderator db upgrade`"
