"""Reads the health report for `moderator doctor`."""

from sqlalchemy import and_, delete, func, insert, literal, literal_column, select, union_all

from moderator.domain.pages.health import HealthReport, PollReport
from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms
from moderator.storage.people.accounts import HAS_PASSWORD, IS_ACTIVE
from moderator.storage.queue import Queue
from moderator.storage.schema.migrate import is_current
from moderator.storage.schema.tables import (
    deliveries,
    moderators,
    pulse,
    queue,
    sites,
    submissions,
    wordpress_blogs,
)
from moderator.storage.upkeep.heartbeat import HeartbeatRows

PROBE = "doctor"


class HealthRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def health_report(self) -> HealthReport:
        """Raises StorageUnavailableError."""
        engine = self._database.engine.url.render_as_string()
        if not is_current(self._database):
            return HealthReport(engine, is_current=False)
        by_job = union_all(
            *(
                select(literal(job.value), func.count()).where(queue.c.job == job.value)
                for job in Job
            )
        )
        self._prove_writing()
        can_log_in = and_(HAS_PASSWORD, IS_ACTIVE)
        with self._database.read() as connection:
            waiting = {Job(job): count for job, count in connection.execute(by_job).all() if count}
            counts = [
                connection.scalar(select(func.count()).select_from(table).where(where)) or 0
                for table, where in (
                    (sites, sites.c.id != ""),
                    (moderators, can_log_in),
                    (deliveries, deliveries.c.state == literal_column("'dead'")),
                )
            ]
        return HealthReport(
            engine,
            is_current=True,
            sites=counts[0],
            moderators=counts[1],
            waiting=waiting,
            oldest_due=Queue(self._database).oldest_due(),
            dead_letters=counts[2],
            seen_at=HeartbeatRows(self._database).seen_at(),
            polls=self._polls(),
        )

    def _polls(self) -> tuple[PollReport, ...]:
        asked = select(
            wordpress_blogs.c.site_id, wordpress_blogs.c.polled_at, wordpress_blogs.c.error
        )
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(wordpress_blogs.c.site_id)).all()
        return tuple(
            PollReport(row[0], from_ms(row[1]) if row[1] else None, row[2]) for row in rows
        )

    def _prove_writing(self) -> None:
        """Raises StorageUnavailableError: a full or locked database can still be read."""
        with self._database.write() as connection:
            connection.execute(insert(pulse).values(name=PROBE, seen_at=0))
            connection.execute(delete(pulse).where(pulse.c.name == PROBE))

    def statuses(self, site_id: str) -> dict[str, str]:
        """Status by the blog's id, of a whole (small) site."""
        wanted = select(submissions.c.platform_id, submissions.c.status)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(submissions.c.site_id == site_id)).all()
        return {row[0]: row[1] for row in rows}
