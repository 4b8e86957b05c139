"""A site with a database of its own, to import into."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from moderator.storage.base.database import Database
from moderator.storage.people.sites import SiteRows
from tests.builders import NOON, a_site
from tests.databases import a_database


@dataclass(frozen=True, slots=True)
class Place:
    """A database with the sites `blog` and `other`."""

    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        database = Database(self.url)
        with database.read() as connection:
            found = [tuple(row) for row in connection.execute(text(sql))]
        database.close()
        return found

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # our own words


def place(folder: Path) -> Place:
    folder.mkdir(exist_ok=True)
    made = Place(a_database(folder / "moderator.db"))
    database = Database(made.url)
    with database.write() as connection:  # the same everywhere: databases are compared
        connection.exec_driver_sql("UPDATE hash_keys SET value = x'00ff'")
    sites = SiteRows(database)
    for name in ("blog", "other"):
        sites.add(a_site(id=name), key_prefix="mod", key_digest=name, now=NOON)
    database.close()
    return made
