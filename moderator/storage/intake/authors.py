"""All that a site has of one author: shown to who asks for it, or erased so that no byte stays."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection, LargeBinary, Table, Text, text
from sqlalchemy.exc import OperationalError

from moderator.domain.errors import StorageCause
from moderator.domain.events.effects import Erase
from moderator.domain.pages.personal import AuthorQuery, Personal
from moderator.domain.verdict import ERASED
from moderator.storage.base.causes import cause_of
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.payload import load_reasons, load_submission
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.intake.effects import Effects
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import metadata
from moderator.storage.submission_rows import lock_submissions

PAGE = 500  # rows that are read at once
WALK = Statement(
    "SELECT id, payload, earlier, status FROM submissions"
    " WHERE site_id = :site_id AND id > :after AND payload <> '' ORDER BY id LIMIT :most"
)
DECISIONS = Statement(
    "SELECT verdict, decided_at, reasons FROM decisions WHERE submission_id = :id ORDER BY sequence"
)
NOTES = Statement(
    "SELECT words, written_at FROM notes WHERE submission_id = :id ORDER BY written_at, id"
)
# Tables of which an erasure deletes or blanks rows.
TOUCHED = (
    "submissions", "decisions", "deliveries", "queue", "search_words", "phrases", "link_memory",
    "fetch_accounts", "host_rulings", "host_counts", "author_counts", "campaign_members",
    "campaign_sites", "campaigns", "lessons", "site_layers", "notes",
)  # fmt: skip
# What PostgreSQL remembers of columns, to plan by: samples of their values. An owner of the
# database may rewrite it; who may not is told so by the server, and goes on.
STATISTICS = "pg_catalog.pg_statistic"
PATIENCE = "SET lock_timeout = '20s'"  # until nobody uses a table that is rewritten
# Where people name somebody on purpose: told, and not taken away.
HERE = "site_id IN ('', :site_id)"
NAMING = {
    "the denylist or allowlist": Statement(
        "SELECT 1 FROM sites WHERE id = :site_id AND lower(policy) LIKE :like ESCAPE '!' LIMIT 1"
    ),
    "a rule": Statement(
        f"SELECT 1 FROM rules WHERE {HERE} AND lower(payload) LIKE :like ESCAPE '!' LIMIT 1"  # noqa: S608
    ),
    "the log of rules": Statement(
        f"SELECT 1 FROM rule_log WHERE {HERE} AND (lower(before) LIKE :like ESCAPE '!'"  # noqa: S608
        " OR lower(after) LIKE :like ESCAPE '!') LIMIT 1"
    ),
    "the log of owners": Statement(
        "SELECT 1 FROM audit_log WHERE site IN (:site_id, '')"
        " AND lower(detail) LIKE :like ESCAPE '!' LIMIT 1"
    ),
}


class AuthorRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._effects = Effects(Queue(database))

    def find(self, site_id: str, wanted: AuthorQuery) -> Iterator[Personal]:
        """Every submission of the author on the site, in the order of arrival."""
        after, asked = "", wanted.masked(self._database.mask)
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
            notes = NOTES.run(connection, {"id": row[0]}).all()
        told = [
            {
                "verdict": verdict,
                "decided_at": from_ms(decided_at).isoformat(),
                "reasons": [reason.text for reason in load_reasons(reasons)],
            }
            for verdict, decided_at, reasons in decisions
        ]
        earlier = load_submission(row[2]) if row[2] else None
        noted = [{"words": words, "written_at": from_ms(at).isoformat()} for words, at in notes]
        return Personal(str(row[0]), str(row[3]), load_submission(row[1]), earlier, told, noted)

    def named_in(self, site_id: str, asked: AuthorQuery) -> list[str]:
        """Where people of the site name the author themselves: in lists and rules."""
        found = []
        with self._database.read() as connection:
            for where, statement in NAMING.items():
                for word in asked.words:
                    named: Parameters = {"site_id": site_id, "like": _like(word)}
                    if where not in found and statement.run(connection, named).first():
                        found.append(where)
        return found

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

        PostgreSQL's own log keeps it until it is written over (docs/privacy.md). False when
        somebody reads or writes so long that this cannot be done now.
        """
        with self._database.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not self._database.is_postgres:
                return _empty_log(raw)
            if not self._database.is_pooled:  # there it would be said to whoever comes next, too
                raw.exec_driver_sql("SET statement_timeout = 0")
                raw.exec_driver_sql(PATIENCE)
            return _rewrite(raw)


def _rewrite(raw: Connection) -> bool:
    try:
        for name in TOUCHED:
            raw.execute(text(f"VACUUM (FULL, ANALYZE) {name}"))
            _forget_samples(raw, metadata.tables[name])
        raw.execute(text(f"VACUUM (FULL) {STATISTICS}"))
    except OperationalError as error:
        if cause_of(error) is StorageCause.LOCKED:
            return False
        raise
    return True


def _forget_samples(raw: Connection, table: Table) -> None:
    """Of a table that became empty PostgreSQL keeps the samples; a column's change ends them."""
    if raw.execute(text(f"SELECT 1 FROM {table.name} LIMIT 1")).first():  # noqa: S608
        return
    kinds = {
        column.name: column.type.compile(raw.dialect)
        for column in table.columns
        if isinstance(column.type, Text | LargeBinary)
    }
    changes = (f"ALTER COLUMN {name} TYPE {kind}" for name, kind in kinds.items())
    raw.execute(text(f"ALTER TABLE {table.name} {', '.join(changes)}"))


def _empty_log(raw: Connection) -> bool:
    driver: Any = raw.connection.dbapi_connection
    driver.rollback()
    try:
        driver.execute("VACUUM")
        busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:  # asked past SQLAlchemy, so that nothing wraps it
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return False
        raise
    return not busy


def _like(word: str) -> str:
    """Whatever has this word in it."""
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return f"%{word}%"
