"""What stands beside a submission is found by what it is to it, never by reading all of a site."""

import re
from pathlib import Path

from sqlalchemy import text

from moderator.storage.base.database import Database
from moderator.storage.dashboard.queries import DashboardRows
from moderator.storage.schema.partial import with_conditions
from moderator.storage.schema.tables import metadata
from tests.builders import a_submission
from tests.statements import counting
from tests.stock import stock, stock_site

BY_SITE_ALONE = re.compile(r"submissions USING (COVERING )?INDEX \w+ \(site_id=\?\)$")


def test_no_part_of_the_page_reads_all_of_a_site(tmp_path: Path) -> None:
    """A database that has gathered no statistics chooses by the columns alone."""
    database = Database(f"sqlite:///{tmp_path}/beside.db")
    with_conditions(metadata).create_all(database.engine)
    stock_site(database)
    submission = stock(database, a_submission(id="s1"))
    with counting(database) as seen:
        page = DashboardRows(database).submission_page(None, submission.id)
    assert page is not None
    (related,) = [sql for sql in seen if "AS kin" in sql]
    names = dict.fromkeys(re.findall(r":(\w+)", related), "x")
    with database.read() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {related}"), names).all()
    steps = [str(row[3]) for row in plan]
    assert any("ix_submissions_copies" in step for step in steps)
    assert [step for step in steps if BY_SITE_ALONE.search(step)] == []
    database.close()
