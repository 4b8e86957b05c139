"""What later looks at linkbacks read and write: one transaction per batch of looks."""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.finding import Finding
from moderator.domain.learned import is_found, source_finding
from moderator.domain.outcome import Outcome
from moderator.domain.relook import Look
from moderator.domain.work import Standing, Ticket
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.decisions import write_outcomes
from moderator.storage.judging import write_content
from moderator.storage.payload import dump, load_findings, load_submission
from moderator.storage.queue import Queue
from moderator.storage.times import to_ms

STANDING = Statement(
    "SELECT payload, sequence, status, decided_by, text_key, author_key, duplicate_of,"  # noqa: S608  # our own words
    f" {SHOWN_ID} FROM submissions WHERE id = :id AND status <> 'erased'"
)
FOUND = Statement("SELECT findings FROM decisions WHERE submission_id = :id ORDER BY sequence DESC")
TAKE = Statement(
    "UPDATE submissions SET sequence = sequence WHERE id = :id AND sequence = :sequence"
)
LOOK_LATER = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = :attempts"
    " WHERE id = :row AND token = :token"
)
JUDGE_WITH = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at, findings)"
    " VALUES ('check', :id, :site_id, :due_at, :findings) ON CONFLICT (job, subject_id) DO UPDATE"
    " SET due_at = excluded.due_at, token = NULL, attempts = 0, findings = excluded.findings"
)


class LookRows:
    """Honours usecases/reverify.py LookStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def standing(self, submission_id: str) -> tuple[Standing, Finding | None] | None:
        with self._database.read() as connection:
            row = STANDING.run(connection, {"id": submission_id}).one_or_none()
            if row is None:
                return None
            told = [str(found[0]) for found in FOUND.run(connection, {"id": submission_id})]
        looks = [source_finding(load_findings(findings)) for findings in told]
        before = next((look for look in looks if is_found(look)), None)
        return Standing(load_submission(str(row[0])), int(row[1]), *row[2:8]), before

    @again_after_deadlock
    def finish(self, looks: Sequence[tuple[Ticket, Look]]) -> None:
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            self._queue.hold(connection, [ticket for ticket, _ in looks])
            for ticket, look in looks:
                if self._end(connection, ticket, look):
                    _write(connection, ticket, look, now)

    def _end(self, connection: Connection, ticket: Ticket, look: Look) -> bool:
        """Give the row its next time, or delete it; False when it is not held any more."""
        if look.next_at is None:
            return bool(self._queue.fence(connection, [ticket]))
        later = LOOK_LATER.run(
            connection,
            {
                "row": ticket.row,
                "token": ticket.token,
                "due_at": to_ms(look.next_at),
                "attempts": ticket.attempts if look.is_retry else 0,
            },
        )
        return later.rowcount == 1


def _write(connection: Connection, ticket: Ticket, look: Look, now: int) -> None:
    if look.outcome is not None:
        if not _is_first(connection, look.outcome):
            return  # somebody decided meanwhile: the next look will see
        write_outcomes(connection, [look.outcome])
    if look.submission is not None:
        write_content(connection, look.submission)
    if look.judged_with is not None:
        again = {"id": ticket.subject_id, "site_id": ticket.site_id, "due_at": now}
        JUDGE_WITH.run(connection, again | {"findings": dump(look.judged_with)})


def _is_first(connection: Connection, outcome: Outcome) -> bool:
    recorded = outcome.recorded
    seen = {"id": recorded.submission_id, "sequence": recorded.sequence - 1}
    return TAKE.run(connection, seen).rowcount == 1
