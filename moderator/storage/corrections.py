"""People's decisions beside what the spam service had said of the same comment."""

from collections.abc import Sequence

from moderator.domain.correction import Correction
from moderator.domain.ports import SpamAnswer
from moderator.domain.verdict import Verdict
from moderator.domain.work import Ticket
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.payload import load_findings, load_submission
from moderator.storage.queue import Queue

DECISION = Statement(
    "SELECT s.payload, d.verdict, d.submission_id FROM decisions d"
    " JOIN submissions s ON s.id = d.submission_id AND s.sequence = d.sequence"
    " WHERE d.id = :id AND s.payload <> ''"
)
FOUND = Statement(
    "SELECT findings FROM decisions WHERE submission_id = :id AND findings <> '[]'"
    " ORDER BY sequence DESC LIMIT 1"
)
ANSWERS = {
    "akismet_spam": SpamAnswer.SPAM,
    "akismet_blatant": SpamAnswer.DISCARD,
    "akismet_ham": SpamAnswer.HAM,
}


class CorrectionRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def correction(self, decision_id: str) -> Correction | None:
        with self._database.read() as connection:
            row = DECISION.run(connection, {"id": decision_id}).one_or_none()
            if row is None:
                return None
            found = FOUND.run(connection, {"id": row[2]}).scalar()
        findings = load_findings(str(found or ""))
        said = (ANSWERS[finding.code] for finding in findings if finding.code in ANSWERS)
        return Correction(
            load_submission(str(row[0])), Verdict(str(row[1])), next(said, SpamAnswer.UNKNOWN)
        )

    @again_after_deadlock
    def done(self, tickets: Sequence[Ticket]) -> None:
        with self._database.write() as connection:
            self._queue.hold(connection, tickets)
            self._queue.fence(connection, tickets)
