"""Neighbours are read in several statements, and others write in between."""

from moderator.storage.base.database import Database
from moderator.storage.judging.crowds import CrowdRows
from tests.builders import a_submission
from tests.stock import stock, stock_site

ID = "0001"
AS_IT_WAS, AS_IT_IS = (ID, "queued", "", 1), (ID, "approved", "rule", 1)


def test_one_that_is_decided_between_two_statements_is_known_as_both(database: Database) -> None:
    stock_site(database)
    stock(database, a_submission(id=ID))
    rows = CrowdRows(database)
    with database.read() as connection:
        told = rows._neighbours(connection, {AS_IT_WAS, AS_IT_IS})  # noqa: SLF001  # the moment itself cannot be met
    assert told.keys() == {AS_IT_WAS, AS_IT_IS}
    assert not told[AS_IT_WAS].is_published
    assert told[AS_IT_IS].is_published
