"""The migrations lead exactly to the tables that the code was written for."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from moderator.domain.content.fingerprint import author_key
from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.migrate import config, is_current, upgrade
from moderator.storage.schema.partial import with_conditions
from moderator.storage.schema.tables import metadata
from tests.builders import ALICE, a_submission
from tests.house import House


def test_the_newest_migration_is_what_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        differences = compare_metadata(context, with_conditions(metadata))
    assert differences == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert is_current(database)


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert not is_current(database)
    upgrade(database)
    assert is_current(database)
    database.close()


@pytest.mark.parametrize(("setting", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_sqlite_is_tuned_as_promised(tmp_path: Path, setting: str, level: int) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}", synchronous=setting)
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == level
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()


@pytest.mark.parametrize(("lang", "langs"), [("de", '["de"]'), ("", "[]")])
def test_the_language_of_a_site_becomes_the_first_of_its_languages(
    tmp_path: Path, lang: str, langs: str
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    command.downgrade(config(database), "0006")
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO sites (id, lang, created_at) VALUES ('blog', :lang, 0)"),
            {"lang": lang},
        )
    upgrade(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT langs FROM sites")).scalar() == langs
    command.downgrade(config(database), "0006")
    with database.read() as connection:
        assert connection.execute(text("SELECT lang FROM sites")).scalar() == lang
    database.close()


def test_what_was_allowed_before_is_allowed_for_callbacks_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    command.downgrade(config(database), "0015")
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO sites (id, allowed_addresses, created_at)"
                """ VALUES ('blog', '[["127.0.0.1", 8080]]', 0)"""
            )
        )
    upgrade(database)
    site = SiteRows(database).get("blog")
    assert site is not None
    assert site.allowed_addresses == {("127.0.0.1", 8080)}
    assert site.source_addresses == set()
    database.close()


def test_authors_are_no_strangers_when_their_keys_are_derived_anew(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    house = House(database)
    house.send(a_submission(author=ALICE))
    house.check()
    counted = house.rows("SELECT author_key, status, number FROM author_counts")
    command.downgrade(config(database), "0006")
    with database.write() as connection:
        for table in ("submissions", "author_counts"):
            connection.execute(text(f"UPDATE {table} SET author_key = 'by e-mail alone'"))  # noqa: S608
    assert counted == [(database.mask(author_key(ALICE)), "approved", 1)]
    upgrade(database)
    again = Database(f"sqlite:///{tmp_path / 'new.db'}")  # with the key that was made just now
    expected = [(again.mask(author_key(ALICE)), "approved", 1)]
    assert house.rows("SELECT author_key, status, number FROM author_counts") == expected
    for each in (database, again):
        each.close()
