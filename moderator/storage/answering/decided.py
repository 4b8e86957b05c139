"""What who waits for an answer reads: decisions by submission, in one statement for all of them."""

from collections.abc import Collection, Sequence
from typing import Any  # what a driver returns is typed by nobody

from moderator.domain.verdict import Decider, DeciderKind, Decision, Verdict
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, Statement
from moderator.storage.base.payload import load_reasons

STANDING = SelectIn(
    "SELECT s.id, d.verdict, d.decided_by, d.decider_id, d.decider_name, d.reasons, d.score,"
    " d.hold_at, d.spam_at, d.policy_version, d.duplicate_of FROM submissions s"
    " JOIN decisions d ON d.submission_id = s.id AND d.sequence = s.sequence"
    " WHERE s.id IN {many} AND s.status <> 'queued'"
)
LATE = Statement(
    "UPDATE submissions SET heard_status = 'hold', heard_duplicate_of = '', heard_sequence = -1"
    " WHERE id = :id AND status = 'queued'"
)


class AnswerRows:
    """Honours usecases/watch.py Decisions and usecases/ask.py LateStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decided(self, ids: Collection[str]) -> dict[str, Decision]:
        with self._database.read() as connection:
            rows = STANDING.run(connection, sorted(ids))
        return {str(row[0]): _decision(row) for row in rows}

    def told_late(self, submission_id: str) -> bool:
        """Note that the blog was told to wait, so that the decision is told it.

        False where there is a decision, which is the better answer. A decision that is being
        written at this moment is made again: it was concluded without knowing this.
        """
        with self._database.write() as connection:
            return LATE.run(connection, {"id": submission_id}).rowcount == 1


def _decision(row: Sequence[Any]) -> Decision:
    return Decision(
        verdict=Verdict(row[1]),
        decided_by=Decider(DeciderKind(row[2]), row[3], row[4]),
        reasons=load_reasons(str(row[5])),
        score=float(row[6]),
        hold_at=float(row[7]),
        spam_at=float(row[8]),
        policy_version=int(row[9]),
        duplicate_of=str(row[10]),
    )
