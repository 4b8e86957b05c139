"""What happens at the blog later: a person there decided, readers reported it."""

from dataclasses import replace

from sqlalchemy import Connection

from moderator.domain.finding import Finding
from moderator.domain.outcome import CallbackEvent, Outcome
from moderator.domain.submission import Submission
from moderator.domain.verdict import (
    VERDICT_OF_STATUS,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
)
from moderator.storage.database import Statement
from moderator.storage.decisions import write_outcomes
from moderator.storage.payload import dump, load_submission
from moderator.storage.queue import unqueue

STANDING = Statement("SELECT payload, sequence, status FROM submissions WHERE id = :id")
SET_PAYLOAD = Statement("UPDATE submissions SET payload = :payload WHERE id = :id")
GIVE_UP = Statement(
    "UPDATE deliveries SET state = 'refused', last_error = 'a person at the blog decided first',"
    " finished_at = :now WHERE submission_id = :id AND state = 'waiting'"
)
NO_FINDINGS: tuple[Finding, ...] = ()


def record_report(connection: Connection, submission_id: str) -> None:
    """Count a reader's report; the caller asks for a new judgement."""
    payload = str(STANDING.run(connection, {"id": submission_id}).one()[0])
    known = load_submission(payload)
    reported = replace(known, reports=known.reports + 1)
    SET_PAYLOAD.run(connection, {"id": submission_id, "payload": dump(reported)})


def record_blog_decision(connection: Connection, known: Submission, now_ms: int) -> None:
    """Write what a person decided at the blog; the blog knows it, so nothing is called back."""
    _, sequence, status = STANDING.run(connection, {"id": known.id}).one()
    verdict = VERDICT_OF_STATUS[known.status]
    unqueue(connection, known.id)
    GIVE_UP.run(connection, {"id": known.id, "now": now_ms})
    if status == verdict.status:
        return
    decider = Decider(DeciderKind.BLOG, known.author.id, "the blog")
    recorded = RecordedDecision(
        id=f"{known.id}-{int(str(sequence)) + 1}",
        submission_id=known.id,
        sequence=int(str(sequence)) + 1,
        decided_at=known.received_at,
        previous_status=str(status),
        decision=Decision(
            verdict, decider, (Reason("blog", f"A person at the blog decided: {verdict}"),)
        ),
    )
    outcome = Outcome(
        known.site_id, recorded, NO_FINDINGS, CallbackEvent.REVISED, None, known.received_at
    )
    write_outcomes(connection, [outcome])
