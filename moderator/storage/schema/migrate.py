"""Brings the database to the newest schema (Alembic), on SQLite and PostgreSQL alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from moderator.storage.base.database import Database, telling_apart

SCRIPTS = Path(__file__).parents[1] / "migrations"


def config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Raises StorageUnavailableError."""
    with telling_apart():
        command.upgrade(config(database), "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version was written for."""
    head = ScriptDirectory.from_config(config(database)).get_current_head()
    with database.read() as connection:
        return revision_of(connection) == head


def revision_of(connection: Connection) -> str:
    """The revision of the schema; '' where there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""
