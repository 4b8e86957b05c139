"""Whatever the count, every row is written once and every value is asked for."""

import pytest
from sqlalchemy import Connection

from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database

INSERT = InsertRows("pulse", "name seen_at=at", ending="ON CONFLICT DO NOTHING")
NAMED = SelectIn("SELECT name FROM pulse WHERE name IN {many}")
PAIRED = SelectIn(
    "SELECT p.name FROM (VALUES {rows}) AS k CROSS JOIN pulse p"
    " WHERE p.name = k.column1 AND p.seen_at = k.column2"
)


def names(connection: Connection, wanted: list[object], statement: SelectIn = NAMED) -> list[str]:
    return sorted(row[0] for row in statement.run(connection, wanted))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 63, 64, 65, 200])
def test_every_row_is_written_and_found(database: Database, count: int) -> None:
    rows: list[dict[str, object]] = [{"name": f"{n:03}", "at": n} for n in range(count)]
    with database.write() as connection:
        assert INSERT.run(connection, rows) == count
        assert INSERT.run(connection, rows) == 0  # all are known
        everyone = [row["name"] for row in rows]
        assert names(connection, everyone) == everyone
        assert names(connection, everyone[1:]) == everyone[1:]


def test_pairs_are_found_as_pairs(database: Database) -> None:
    with database.write() as connection:
        INSERT.run(connection, [{"name": name, "at": at} for at, name in enumerate("abc")])
        assert names(connection, [("a", 0), ("b", 1), ("c", 0)], PAIRED) == ["a", "b"]
