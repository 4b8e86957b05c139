"""Counts what Akismet clients asked and were told, by site, month and blog."""

from collections.abc import Mapping, Sequence
from typing import Any  # what a driver returns is typed by nobody

from moderator.domain.answering.tally import Line, Place
from moderator.storage.base.database import Database, Statement
from moderator.storage.schema.akismet import COUNTED

ADD = Statement(
    f"INSERT INTO akismet_counts (site_id, month, blog, {', '.join(COUNTED)})"  # noqa: S608  # our own words
    f" VALUES (:site_id, :month, :blog, {', '.join(f':{name}' for name in COUNTED)})"
    " ON CONFLICT (site_id, month, blog) DO UPDATE SET "
    + ", ".join(f"{name} = akismet_counts.{name} + excluded.{name}" for name in COUNTED)
)
OF_SITE = Statement(
    f"SELECT month, blog, {', '.join(COUNTED)} FROM akismet_counts"  # noqa: S608  # our own words
    " WHERE site_id = :site_id AND month >= :month ORDER BY month, blog"
)


class TallyRows:
    """Honours usecases/tally.py TallyStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counted: Mapping[Place, Mapping[str, int]]) -> None:
        with self._database.write() as connection:
            for (site_id, month, blog), counts in sorted(counted.items()):
                named = {name: counts.get(name, 0) for name in COUNTED}
                ADD.run(connection, {"site_id": site_id, "month": month, "blog": blog, **named})

    def lines(self, site_id: str, since: int) -> list[Line]:
        with self._database.read() as connection:
            rows = OF_SITE.run(connection, {"site_id": site_id, "month": since}).all()
        return [_line(row) for row in rows]


def _line(row: Sequence[Any]) -> Line:
    return Line(int(row[0]), str(row[1]), *(int(number) for number in row[2:]))
