"""Removes a site with all that names it, piece by piece, so that nobody waits long for a lock.

In this order: its credentials, so that nobody speaks for it any more; its submissions with what
belongs to them; what is kept by site; the site. What comes in meanwhile is found by the last step,
which then begins again. What is cut short is finished by the next call.

Tables are known by their columns `submission_id` and `site_id`: a new one is emptied as well.
"""

from sqlalchemy import Connection, Table, delete, func, select, tuple_
from sqlalchemy.exc import IntegrityError

from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, again_after_deadlock
from moderator.storage.campaigns import leave
from moderator.storage.queue import unqueue
from moderator.storage.schema.tables import (
    akismet_keys,
    api_keys,
    campaign_members,
    intake_keys,
    metadata,
    site_secrets,
    sites,
    submissions,
)

PIECE = 100  # submissions in one transaction
ROWS = 1_000  # rows of another table in one transaction
CREDENTIALS = (akismet_keys, api_keys, site_secrets)
CHILDREN_FIRST = tuple(reversed(metadata.sorted_tables))
# Campaigns count their members; keys are not found by what they were for.
BY_THEMSELVES = (campaign_members, intake_keys)
OF_SUBMISSIONS = tuple(
    table for table in CHILDREN_FIRST if "submission_id" in table.c and table not in BY_THEMSELVES
)
OF_SITES = tuple(
    table for table in CHILDREN_FIRST if "site_id" in table.c and table is not submissions
)
UNTEACH = SelectIn(
    "DELETE FROM queue WHERE job = 'teach' AND subject_id IN"
    " (SELECT d.id FROM decisions d WHERE d.submission_id IN {many}) RETURNING id"
)


class RemovalRows:
    """Honours usecases/operate/change_sites.py RemovableSites."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submissions_of(self, site_id: str) -> int:
        counted = select(func.count()).where(submissions.c.site_id == site_id)
        with self._database.read() as connection:
            return connection.scalar(counted) or 0

    def remove(self, site_id: str) -> None:
        with self._database.write() as connection:
            for table in CREDENTIALS:
                connection.execute(delete(table).where(table.c.site_id == site_id))
        is_there = True
        while is_there:
            while self._remove_piece(site_id):
                pass
            for table in OF_SITES:
                self._empty(table, site_id)
            is_there = not self._end(site_id)

    @again_after_deadlock
    def _remove_piece(self, site_id: str) -> bool:
        """Remove some submissions; return whether there were any."""
        with self._database.write() as connection:
            ids = list(
                connection.scalars(
                    select(submissions.c.id)
                    .where(submissions.c.site_id == site_id)
                    .order_by(submissions.c.id)
                    .limit(PIECE)
                    .with_for_update()
                )
            )
            if ids:
                _forget(connection, ids)
        return bool(ids)

    def _empty(self, table: Table, site_id: str) -> None:
        key = table.primary_key.columns.values()
        some = select(*key).where(table.c.site_id == site_id).limit(ROWS)
        gone = ROWS
        while gone == ROWS:
            with self._database.write() as connection:
                gone = connection.execute(delete(table).where(tuple_(*key).in_(some))).rowcount

    def _end(self, site_id: str) -> bool:
        """Return whether the site could go: something may have come for it until now."""
        try:
            with self._database.write() as connection:
                connection.execute(delete(sites).where(sites.c.id == site_id))
        except IntegrityError:
            return False
        return True


def _forget(connection: Connection, ids: list[str]) -> None:
    """Delete these submissions and whatever belongs to them. The caller holds their rows."""
    UNTEACH.run(connection, ids)
    for id_ in ids:
        unqueue(connection, id_)
        leave(connection, id_)
    for table in OF_SUBMISSIONS:
        connection.execute(delete(table).where(table.c.submission_id.in_(ids)))
    connection.execute(delete(submissions).where(submissions.c.id.in_(ids)))
