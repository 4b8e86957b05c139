"""People's decisions beside what the spam service had said of the same comment."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.feedback import Feedback
from moderator.domain.ports import SpamAnswer
from moderator.domain.queue import Ticket
from moderator.domain.verdict import DeciderKind, Verdict
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.payload import load_findings, load_submission
from moderator.storage.queue import Queue
from moderator.storage.submission_rows import lock_submissions

# A decision counts as long as it is the latest, or the later ones say the same (the blog agreed).
DECISION = Statement(
    "SELECT s.payload, d.verdict, d.submission_id, d.decided_by, s.feedback FROM decisions d"
    " JOIN submissions s ON s.id = d.submission_id AND s.decided_version = d.content_version"
    " JOIN decisions l ON l.submission_id = s.id AND l.sequence = s.sequence"
    " AND l.verdict = d.verdict AND (l.id = d.id OR l.decided_by IN ('moderator', 'blog'))"
    " WHERE d.id = :id AND s.payload <> '' AND s.content_version = d.content_version"
)
FOUND = Statement(
    "SELECT findings FROM decisions WHERE submission_id = :id AND findings <> '[]'"
    " ORDER BY sequence DESC LIMIT 1"
)
SUBJECTS = Statement("SELECT submission_id FROM decisions WHERE id = :id")
TOLD = Statement(
    "UPDATE submissions SET feedback = :told WHERE status <> 'erased' AND id ="
    " (SELECT d.submission_id FROM decisions d WHERE d.id = :id)"
)
ANSWERS = {
    "akismet_spam": SpamAnswer.SPAM,
    "akismet_blatant": SpamAnswer.DISCARD,
    "akismet_ham": SpamAnswer.HAM,
}


class FeedbackRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def feedback(self, decision_ids: Iterable[str]) -> dict[str, Feedback]:
        with self._database.read() as connection:
            found = {id_: _feedback(connection, id_) for id_ in decision_ids}
        return {id_: correction for id_, correction in found.items() if correction is not None}

    @again_after_deadlock
    def done(self, told: Sequence[tuple[Ticket, str]]) -> None:
        """End the tickets, and remember what the service was told (`spam`, `ham`, '': nothing)."""
        tickets = [ticket for ticket, _ in told]
        said: list[Parameters] = [
            {"id": ticket.subject_id, "told": word} for ticket, word in told if word
        ]
        with self._database.write() as connection:
            about = (SUBJECTS.run(connection, row).scalar() for row in said)
            lock_submissions(connection, [str(subject) for subject in about if subject is not None])
            self._queue.lock_rows(connection, tickets)
            self._queue.fence(connection, tickets)
            if said:
                TOLD.run(connection, said)


def _feedback(connection: Connection, decision_id: str) -> Feedback | None:
    row = DECISION.run(connection, {"id": decision_id}).one_or_none()
    if row is None:
        return None
    found = FOUND.run(connection, {"id": row[2]}).scalar()
    findings = load_findings(str(found or ""))
    said = (ANSWERS[finding.code] for finding in findings if finding.code in ANSWERS)
    is_by_person = DeciderKind(str(row[3])).is_person
    return Feedback(
        load_submission(str(row[0])),
        Verdict(str(row[1])) if is_by_person else None,
        next(said, SpamAnswer.UNKNOWN),
        str(row[4]),
    )
