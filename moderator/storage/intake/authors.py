"""All that a site has of one author: shown to who asks for it, or erased so that no byte stays."""

from collections.abc import Iterator, Sequence
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import text

from moderator.domain.events.effects import Erase
from moderator.domain.pages.personal import AuthorQuery, Personal
from moderator.domain.verdict import ERASED
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.payload import load_reasons, load_submission
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.intake.effects import Effects
from moderator.storage.queue import Queue
from moderator.storage.submission_rows import lock_submissions

PAGE = 500  # rows that are read at once
WALK = Statement(
    "SELECT id, payload, earlier, status FROM submissions"
    " WHERE site_id = :site_id AND id > :after AND payload <> '' ORDER BY id LIMIT :most"
)
DECISIONS = Statement(
    "SELECT verdict, decided_at, reasons FROM decisions WHERE submission_id = :id ORDER BY sequence"
)
# Tables of which an erasure deletes or blanks rows.
TOUCHED = (
    "submissions", "decisions", "deliveries", "queue", "search_words", "phrases", "link_memory",
    "host_rulings", "host_counts", "author_counts", "campaign_members", "campaign_sites", "lessons",
    "site_layers",
)  # fmt: skip


class AuthorRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._effects = Effects(Queue(database))

    def find(self, site_id: str, asked: AuthorQuery) -> Iterator[Personal]:
        """Every submission of the author on the site, in the order of arrival."""
        after = ""
        while True:
            with self._database.read() as connection:
                rows = WALK.run(
                    connection, {"site_id": site_id, "after": after, "most": PAGE}
                ).all()
            for row in rows:
                if any(asked.is_by(load_submission(kept).author) for kept in row[1:3] if kept):
                    yield self._personal(row)
            if len(rows) < PAGE:
                return
            after = str(rows[-1][0])

    def _personal(self, row: Sequence[Any]) -> Personal:
        with self._database.read() as connection:
            decisions = DECISIONS.run(connection, {"id": row[0]}).all()
        told = [
            {
                "verdict": verdict,
                "decided_at": from_ms(decided_at).isoformat(),
                "reasons": [reason.text for reason in load_reasons(reasons)],
            }
            for verdict, decided_at, reasons in decisions
        ]
        earlier = load_submission(row[2]) if row[2] else None
        return Personal(str(row[0]), str(row[3]), load_submission(row[1]), earlier, told)

    @again_after_deadlock
    def erase(self, submission_id: str) -> bool:
        """Turn one into a tombstone, as the blog's own deletion does; False if it is one."""
        now = to_ms(self._database.now())
        row: Parameters = {"id": submission_id, "received_at": now, "due_at": now}
        with self._database.write() as connection:
            held = lock_submissions(connection, [submission_id]).get(submission_id)
            if held is None or held.status == ERASED:
                return False
            self._effects.carry_out(connection, Erase(), row)
        return True

    def scrub(self) -> bool:
        """Let nothing of what was erased stay in free pages and in the log of the database.

        False when somebody reads so long that the log cannot be emptied now.
        """
        with self._database.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            if self._database.is_postgres:
                raw.exec_driver_sql("SET statement_timeout = 0")
                for table in TOUCHED:
                    raw.execute(text(f"VACUUM (FULL) {table}"))
                return True
            driver: Any = raw.connection.dbapi_connection
            driver.rollback()
            driver.execute("VACUUM")
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
