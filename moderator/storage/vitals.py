"""Reads the service's vital signs for `moderator doctor`."""

from sqlalchemy import func, select

from moderator.domain.jobs import Job
from moderator.domain.vitals import Vitals
from moderator.storage.database import Database
from moderator.storage.migrate import is_current
from moderator.storage.pulse import PulseRows
from moderator.storage.queue import Queue
from moderator.storage.tables import deliveries, moderators, queue, sites, submissions


class VitalRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def vitals(self) -> Vitals:
        """Raises StorageUnavailableError."""
        engine = self._database.engine.url.render_as_string()
        if not is_current(self._database):
            return Vitals(engine, is_current=False)
        by_job = select(queue.c.job, func.count()).group_by(queue.c.job)
        can_log_in = moderators.c.password != ""
        with self._database.read() as connection:
            waiting = {Job(job): count for job, count in connection.execute(by_job).all()}
            counts = [
                connection.scalar(select(func.count()).select_from(table).where(where)) or 0
                for table, where in (
                    (sites, sites.c.id != ""),
                    (moderators, can_log_in),
                    (deliveries, deliveries.c.state == "dead"),
                )
            ]
        return Vitals(
            engine,
            is_current=True,
            sites=counts[0],
            moderators=counts[1],
            waiting=waiting,
            oldest_due=Queue(self._database).oldest_due(),
            dead_letters=counts[2],
            seen_at=PulseRows(self._database).seen_at(),
        )

    def statuses(self, site_id: str) -> dict[str, str]:
        """Status by the blog's id, of a whole (small) site."""
        wanted = select(submissions.c.platform_id, submissions.c.status)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(submissions.c.site_id == site_id)).all()
        return {row[0]: row[1] for row in rows}
