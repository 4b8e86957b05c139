"""A person's decision, written only if nobody decided meanwhile."""

from sqlalchemy import Connection

from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.outcome import Outcome
from moderator.domain.work import Standing
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.decisions import write_outcomes
from moderator.storage.payload import load_submission

STANDING = Statement(
    "SELECT payload, sequence, status, decided_by, text_key, author_key, duplicate_of,"  # noqa: S608  # our own words
    f" {SHOWN_ID} FROM submissions"
    " WHERE id = :id AND status <> 'erased'"
)
TAKE = Statement(
    "UPDATE submissions SET sequence = :next WHERE id = :id AND sequence = :seen"
    " AND status <> 'erased'"
)
UNQUEUE = Statement("DELETE FROM queue WHERE subject_id = :id AND job IN ('check', 'reach')")


class ModerationRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, submission_id: str) -> Standing:
        """Raises NotFoundError."""
        with self._database.read() as connection:
            row = STANDING.run(connection, {"id": submission_id}).one_or_none()
        if row is None:
            raise NotFoundError("There is no such submission")
        return Standing(load_submission(str(row[0])), int(row[1]), *row[2:8])

    @again_after_deadlock
    def record(self, outcome: Outcome) -> None:
        """Write the decision and its callback. Raises ConflictError when somebody was first."""
        with self._database.write() as connection:
            self._take(connection, outcome)
            UNQUEUE.run(connection, {"id": outcome.recorded.submission_id})
            write_outcomes(connection, [outcome])

    def _take(self, connection: Connection, outcome: Outcome) -> None:
        recorded = outcome.recorded
        taken = TAKE.run(
            connection,
            {
                "id": recorded.submission_id,
                "seen": recorded.sequence - 1,
                "next": recorded.sequence,
            },
        )
        if taken.rowcount != 1:
            raise ConflictError("Somebody decided about this meanwhile")
