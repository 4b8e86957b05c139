"""Whether the database would take what comes in: asked before somebody sends it."""

import re
import shutil
import threading
import time
from functools import cache
from pathlib import Path

from sqlalchemy import inspect

from moderator.domain.errors import StorageCause, StorageUnavailableError
from moderator.storage.base.database import Database, Statement

AGE = 1.0  # seconds that an answer may be old: anybody may ask, and a write is synced to disk
LEAST_FREE = 1024 * 1024  # bytes
VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
REVISION = re.compile(r'^(down_)?revision = "(\w+)"', re.MULTILINE)

# On SQLite a page goes to the log; on PostgreSQL a migration holds this row, and is no reason.
WRITE_SQLITE = Statement("UPDATE alembic_version SET version_num = version_num")
WRITE_POSTGRES = Statement("SELECT pg_current_xact_id()")
VERSION = Statement("SELECT version_num FROM alembic_version")


class Probe:
    """`usecases.operate.ready.Probe`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._write = WRITE_POSTGRES if database.is_postgres else WRITE_SQLITE
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._error: StorageUnavailableError | None = None

    def check(self) -> None:
        with self._lock:
            error = self._database.failed_lately()
            if error is None and time.monotonic() - self._checked_at >= AGE:
                self._error = self._try()
                self._checked_at = time.monotonic()
            error = error or self._error
            if error is not None:
                raise error.with_traceback(None)

    def _try(self) -> StorageUnavailableError | None:
        try:
            self._judge_disk()
            with self._database.write() as connection:
                version = str(VERSION.run(connection, {}).scalar_one_or_none())
                self._write.run(connection, {})
        except StorageUnavailableError as error:
            return error
        older, newest = revisions()
        if version != newest and version in older:  # what is not known to us is newer than we are
            return StorageUnavailableError(cause=StorageCause.SCHEMA)
        return None

    def _judge_disk(self) -> None:
        place = self._database.engine.url.database
        if self._database.is_postgres or not place:
            return
        folder = Path(place).absolute().parent
        if folder.is_dir() and shutil.disk_usage(folder).free < LEAST_FREE:
            raise StorageUnavailableError(cause=StorageCause.FULL)


def is_newest(database: Database) -> bool:
    """Whether the schema is this version's, asked without Alembic, which reads all its scripts.

    Whoever opens a database so is told at once that somebody else holds it, as by an upgrade.
    Raises StorageUnavailableError.
    """
    with database.write() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return VERSION.run(connection, {}).scalar_one_or_none() == revisions()[1]


@cache
def revisions() -> tuple[frozenset[str], str]:
    """Return the schemas that were before, and the one this version was written for.

    Read from the files, because a web process has no other use for Alembic.
    """
    texts = [path.read_text(encoding="utf-8") for path in VERSIONS.glob("[0-9]*.py")]
    found = [match for text in texts for match in REVISION.findall(text)]
    older = frozenset(name for down, name in found if down)
    [newest] = {name for down, name in found if not down} - older
    return older, newest
