"""What later looks at linkbacks read and write: one transaction per batch of looks."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.finding import Finding
from moderator.domain.linkback.reverification import Reverification
from moderator.domain.linkback.source_content import is_found, source_finding
from moderator.domain.queue import StoredSubmission, Ticket
from moderator.domain.verdict import QUEUED
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.payload import dump, load_findings
from moderator.storage.base.times import to_ms
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.copies import AffectedCopies
from moderator.storage.decisions.write import write_decisions
from moderator.storage.judging.rows import write_content
from moderator.storage.queue import DROP_REACH, Queue
from moderator.storage.submission_rows import (
    STORED_COLUMNS,
    LockedSubmission,
    is_current,
    lock_submissions,
    stored_submission,
)

STORED = SelectIn(
    f"SELECT {STORED_COLUMNS}, {SHOWN_ID}, id FROM submissions"  # noqa: S608  # our own words
    " WHERE id IN {many} AND status <> 'erased'"
)
FOUND = SelectIn(
    "SELECT submission_id, findings FROM decisions WHERE submission_id IN {many}"
    " ORDER BY submission_id, sequence DESC"
)
REVERIFY_LATER = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = :attempts"
    " WHERE id = :row AND token = :token"
)
JUDGE_WITH = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at, findings)"
    " VALUES ('check', :id, :site_id, :due_at, :findings) ON CONFLICT (job, subject_id) DO UPDATE"
    " SET due_at = excluded.due_at, token = NULL, attempts = 0, findings = excluded.findings"
)


class ReverificationRows:
    """Honours usecases/linkback/reverify.py LookStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def stored_submissions(
        self, ids: Iterable[str]
    ) -> dict[str, tuple[StoredSubmission, Finding | None]]:
        asked = list(ids)
        with self._database.read() as connection:
            rows = STORED.run(connection, asked)
            told = FOUND.run(connection, asked)
        seen: dict[str, Finding] = {}
        for submission_id, findings in told:
            result = source_finding(load_findings(str(findings)))
            if result is not None and is_found(result):
                seen.setdefault(submission_id, result)
        return {row[17]: (stored_submission(row, str(row[16])), seen.get(row[17])) for row in rows}

    @again_after_deadlock
    def finish(self, reverifications: Sequence[tuple[Ticket, Reverification]]) -> None:
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            writes = [
                result.decision_write
                for _, result in reverifications
                if result.decision_write is not None
            ]
            followers = AffectedCopies(connection, writes)
            subjects = {ticket.subject_id for ticket, _ in reverifications}
            held = lock_submissions(connection, subjects | followers.concerned)
            self._queue.lock_rows(connection, [ticket for ticket, _ in reverifications])
            written: list[DecisionWrite] = []
            for ticket, result in reverifications:
                stored = held.get(ticket.subject_id)
                is_ended = self._end(connection, ticket, result)
                if is_ended and stored is not None:
                    written += self._write(connection, stored, result, now)
            followers.judge_again(connection, self._queue, held, written)

    def _end(self, connection: Connection, ticket: Ticket, result: Reverification) -> bool:
        """Give the row its next time, or delete it; False when it is not held any more."""
        if result.next_at is None:
            return bool(self._queue.fence(connection, [ticket]))
        later = REVERIFY_LATER.run(
            connection,
            {
                "row": ticket.row,
                "token": ticket.token,
                "due_at": to_ms(result.next_at),
                "attempts": ticket.attempts if result.is_retry else 0,
            },
        )
        return later.rowcount == 1

    def _write(
        self, connection: Connection, stored: LockedSubmission, result: Reverification, now: int
    ) -> list[DecisionWrite]:
        """Write what a look came to; return what was decided."""
        if result.content_version != stored.content_version:
            # It was edited meanwhile: only what is true of the source whatever it says remains.
            if result.seen is not None and stored.status == QUEUED:
                _judge_with(connection, stored, (result.seen,), now)
            return []
        if result.sequence != stored.sequence:
            return []  # somebody decided meanwhile: the next look will see
        if result.decision_write is not None:
            if not is_current(result.decision_write, stored):
                return []  # the blog heard of something meanwhile: the same
            write_decisions(connection, [result.decision_write])
        if result.submission is not None:
            write_content(connection, result.submission, self._database.mask)
        if result.judged_with is not None:
            _judge_with(connection, stored, result.judged_with, now)
        return [] if result.decision_write is None else [result.decision_write]


def _judge_with(
    connection: Connection, stored: LockedSubmission, findings: tuple[Finding, ...], now: int
) -> None:
    again = {"id": stored.id, "site_id": stored.site_id, "due_at": now}
    DROP_REACH.run(connection, again)  # what it was asked for an earlier look
    JUDGE_WITH.run(connection, again | {"findings": dump(findings)})
