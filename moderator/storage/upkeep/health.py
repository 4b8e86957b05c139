"""Reads the health report for `moderator doctor`."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import and_, delete, func, insert, literal, literal_column, select, union_all

from moderator.domain.decisions.metrics import UNNAMED_PROXY
from moderator.domain.pages.health import FailedCallbacks, HealthReport, PollReport
from moderator.domain.queue import Job
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.people.accounts import HAS_PASSWORD, IS_ACTIVE
from moderator.storage.queue import Queue
from moderator.storage.schema.migrate import is_current, revision_of
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
from moderator.storage.upkeep.metrics import MetricRows
from moderator.storage.upkeep.probe import revisions

PROBE = "doctor"
LATELY = timedelta(days=1)
HOW = "d.site_id, d.last_status, d.last_error, count(*)"
FAILING = Statement(
    f"SELECT {HOW} FROM queue q JOIN deliveries d ON d.id = q.subject_id"  # noqa: S608  # our own words
    " WHERE q.job = 'deliver' AND d.tries > 0 GROUP BY 1, 2, 3"
)
DEAD = Statement(f"SELECT {HOW} FROM deliveries d WHERE d.state = 'dead' GROUP BY 1, 2, 3")  # noqa: S608  # our own words
# Refused for good where nobody is; 409 is a blog's word on its own comment.
GONE = Statement(
    f"SELECT {HOW} FROM deliveries d WHERE d.site_id = :site_id AND d.state = 'refused'"  # noqa: S608  # our own words
    " AND d.created_at >= :since AND d.last_status IN (404, 410) GROUP BY 1, 2, 3"
)


class HealthRows:
    """`clock` is that of this machine."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def health_report(self) -> HealthReport:
        """Raises StorageUnavailableError."""
        engine = self._database.engine.url.render_as_string()
        if not is_current(self._database):
            return HealthReport(engine, is_current=False, is_newer=self._is_newer())
        by_job = union_all(
            *(
                select(literal(job.value), func.count()).where(queue.c.job == job.value)
                for job in Job
            )
        )
        self._prove_writing()
        beats = HeartbeatRows(self._database)
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
            seen_at=beats.seen_at(),
            polls=self._polls(),
            failed=self._failed(),
            ahead_ms={"this machine": self._ahead_ms(), **beats.ahead_ms()},
            unnamed_proxy_at=MetricRows(self._database).changed_at(UNNAMED_PROXY),
        )

    def _ahead_ms(self) -> int:
        return round(self._clock() * 1000) - to_ms(self._database.now())

    def _is_newer(self) -> bool:
        older, newest = revisions()
        with self._database.read() as connection:
            found = revision_of(connection)
        return bool(found) and found not in older | {newest}

    def _failed(self) -> tuple[FailedCallbacks, ...]:
        """The ways in which callbacks failed that wait, were given up, or found nobody lately."""
        since = to_ms(self._database.now() - LATELY)
        found: Counter[tuple[str, int, str]] = Counter()
        with self._database.read() as connection:
            ids = [str(row[0]) for row in connection.execute(select(sites.c.id))]
            for statement in (FAILING, DEAD):
                for site_id, status, error, count in statement.run(connection, {}):
                    found[str(site_id), int(status), str(error)] += int(count)
            for id_ in ids:
                rows = GONE.run(connection, {"site_id": id_, "since": since})
                for site_id, status, error, count in rows:
                    found[str(site_id), int(status), str(error)] += int(count)
        return tuple(FailedCallbacks(*what, count) for what, count in sorted(found.items()))

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
