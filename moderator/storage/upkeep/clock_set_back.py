"""Mends what was written before the database's clock was set back: it lies ahead by as much."""

from datetime import timedelta

from moderator.domain.queue import LEASES, MAX_ATTEMPTS, Job, backoff
from moderator.storage.base.database import (
    Database,
    Parameters,
    Statement,
    again_after_deadlock,
)
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.claims import FRESH, TRIED
from moderator.storage.queue import EVERY_JOB

MILLISECOND = timedelta(milliseconds=1)
# By what the time can be told at which something was written. What is to be judged is due at once,
# or after a lease or a back-off at most. A callback that was not tried yet has the time of its
# decision, and stands for it until it is due.
FURTHEST = max(LEASES[Job.CHECK_LOCAL], backoff(MAX_ATTEMPTS)) + timedelta(seconds=30)
LATEST = """
SELECT max(seen_at) FROM pulse
UNION ALL SELECT (SELECT q.due_at - :furthest FROM queue q WHERE q.job = 'check' AND {fresh}
 ORDER BY q.due_at DESC LIMIT 1)
UNION ALL SELECT (SELECT q.due_at - :furthest FROM queue q WHERE q.job = 'check' AND {tried}
 ORDER BY q.due_at DESC LIMIT 1)
UNION ALL SELECT (SELECT CASE WHEN d.created_at < q.due_at THEN d.created_at ELSE q.due_at END
 FROM queue q JOIN deliveries d ON d.id = q.subject_id WHERE q.job = 'deliver' AND {fresh}
 ORDER BY q.due_at DESC LIMIT 1)
"""
SIGNS = Statement("UPDATE pulse SET seen_at = :now WHERE seen_at > :now")
# Rows that somebody holds locked are written anew by them, by the clock as it is then.
DUE = """
UPDATE queue SET due_at = CASE WHEN due_at - :by < :now THEN :now ELSE due_at - :by END
 WHERE id IN (SELECT q.id FROM queue q WHERE q.job IN ({jobs}) AND q.due_at > :now
 ORDER BY q.id {skip_locked})
"""
# PostgreSQL's time-outs go by the clock: a session that stands still in a transaction since before
# it was set back is ended as much later, and holds for as long what it has locked.
END_IDLE = Statement(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = current_user AND pid <> pg_backend_pid()"
    " AND state LIKE 'idle in transaction%' AND state_change > to_timestamp(:now / 1000.0)"
)


class ClockSetBack:
    """Honours usecases/run/sweep.py TimeKeeping."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = Statement(LATEST.format(fresh=FRESH, tried=TRIED))
        self._due = Statement(DUE.format(jobs=EVERY_JOB, skip_locked=database.skip_locked))

    def ahead(self) -> timedelta:
        """How far the latest time that anybody left behind lies ahead of now; 0 for not at all."""
        with self._database.read() as connection:
            rows = self._latest.run(connection, {"furthest": FURTHEST // MILLISECOND}).all()
        left = [int(str(row[0])) for row in rows if row[0] is not None]
        # Asked after what was left behind: whoever is slow here sees less, never more.
        now = self._database.now()
        return max([from_ms(max(left)) - now, timedelta()]) if left else timedelta()

    @again_after_deadlock
    def mend(self, by: timedelta) -> None:
        """Make what is due later than now due so much earlier, now at the earliest.

        On PostgreSQL the sessions are ended whose time-outs lie ahead as well.
        """
        named: Parameters = {
            "by": by // MILLISECOND,
            "now": to_ms(self._database.now()),
        }
        if self._database.is_postgres:
            with self._database.read() as connection:
                END_IDLE.run(connection, {"now": named["now"]}).all()
        with self._database.write() as connection:
            SIGNS.run(connection, named)
            self._due.run(connection, named)
