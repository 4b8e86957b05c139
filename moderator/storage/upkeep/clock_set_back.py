"""Mends what was written before the database's clock was set back: it lies ahead by as much."""

from datetime import datetime, timedelta

from moderator.storage.base.database import (
    Database,
    Parameters,
    Statement,
    again_after_deadlock,
)
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.queue import EVERY_JOB

LATEST = Statement("SELECT max(seen_at) FROM pulse")
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
        self._due = Statement(DUE.format(jobs=EVERY_JOB, skip_locked=database.skip_locked))

    def latest(self) -> datetime | None:
        """The latest time that any process left behind; None where none did."""
        with self._database.read() as connection:
            found = LATEST.run(connection, {}).scalar()
        return None if found is None else from_ms(int(str(found)))

    @again_after_deadlock
    def mend(self, by: timedelta) -> None:
        """Make what is due later than now due so much earlier, now at the earliest.

        On PostgreSQL the sessions are ended whose time-outs lie ahead as well.
        """
        named: Parameters = {
            "by": by // timedelta(milliseconds=1),
            "now": to_ms(self._database.now()),
        }
        if self._database.is_postgres:
            with self._database.read() as connection:
                END_IDLE.run(connection, {"now": named["now"]}).all()
        with self._database.write() as connection:
            SIGNS.run(connection, named)
            self._due.run(connection, named)
