"""Writes callbacks into the outbox; withdraws older ones of the same submission.

A callback that was tried without an answer may have arrived: it is withdrawn, and the newer
decision is told in any case. One that is being sent right now is settled when its answer comes.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.delivery import OVERTAKEN
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Parameters, Statement
from moderator.storage.base.times import to_ms

WITHDRAW = Statement(
    "UPDATE deliveries SET state = 'withdrawn', last_error = :why, finished_at = :now"
    " WHERE id = :id AND state = 'waiting'"
)
UNQUEUE = Statement("DELETE FROM queue WHERE job = 'deliver' AND subject_id = :id")
# What waits, and what is later than the last that the blog surely heard; of the latter, whether it
# was claimed or tried, so that the blog may have heard it. Asked for by the submissions' own ids:
# of those a planner knows without statistics that each is there once.
OPEN = SelectIn(
    "SELECT v.submission_id, v.id, v.state, q.token,"
    " v.sequence > s.heard_sequence AND (v.tries > 0 OR q.token IS NOT NULL OR q.attempts > 0)"
    " FROM deliveries v JOIN submissions s ON s.id = v.submission_id"
    " LEFT JOIN queue q ON q.job = 'deliver' AND q.subject_id = v.id"
    " WHERE s.id IN {many}"
    " AND (v.state = 'waiting' OR v.sequence > s.heard_sequence) ORDER BY q.id"
)
INSERT = InsertRows(
    "deliveries", "id site_id submission_id decision_id event body created_at sequence url"
)
ENQUEUE = InsertRows("queue", "job subject_id=id site_id lane=submission_id due_at")
HEARD = Statement(
    "UPDATE submissions SET heard_status = :status, heard_duplicate_of = :duplicate_of,"
    " heard_sequence = :sequence WHERE id = :submission_id AND heard_sequence < :sequence"
)


def write_callbacks(connection: Connection, writes: Sequence[DecisionWrite]) -> None:
    """Put the callbacks of these decisions into the outbox, where the blog must hear of them.

    The rows of the submissions are held, and what was waiting for them is taken back.
    """
    later = [write for write in writes if write.recorded.sequence > 1]
    unsure = _withdraw(connection, later) if later else set()
    told = [write for write in writes if _must_tell(write, unsure)]
    rows = [_delivery_row(write) for write in told]
    INSERT.run(connection, rows)
    ENQUEUE.run(connection, rows)
    known = [_heard_row(write) for write in writes if write.is_acknowledged]
    if known:
        HEARD.run(connection, known)


def _must_tell(write: DecisionWrite, unsure: set[str]) -> bool:
    if write.callback is None:
        return False
    acknowledged = write.acknowledged
    is_news = not acknowledged.sequence or write.told != (
        acknowledged.status,
        acknowledged.duplicate_of,
    )
    return is_news or write.must_be_told or write.recorded.submission_id in unsure


def _withdraw(connection: Connection, writes: Sequence[DecisionWrite]) -> set[str]:
    """Take back what waits; return the submissions of which the blog may have heard more."""
    times = {o.recorded.submission_id: to_ms(o.recorded.decided_at) for o in writes}
    found = OPEN.run(connection, sorted(times))
    rows: list[Parameters] = [
        {"id": id_, "why": OVERTAKEN.error, "now": times[submission_id]}
        for submission_id, id_, state, token, _ in found
        if state == "waiting" and token is None
    ]
    if rows:
        WITHDRAW.run(connection, rows)
        UNQUEUE.run(connection, rows)
    return {row[0] for row in found if row[4]}


def _delivery_row(write: DecisionWrite) -> Parameters:
    recorded = write.recorded
    return {
        "id": f"msg_{recorded.id}",
        "job": "deliver",
        "site_id": write.site_id,
        "submission_id": recorded.submission_id,
        "decision_id": recorded.id,
        "event": write.event,
        "body": write.callback,
        "created_at": to_ms(recorded.decided_at),
        "due_at": to_ms(write.deliver_at),
        "sequence": recorded.sequence,
        "url": write.callback_url,
    }


def _heard_row(write: DecisionWrite) -> Parameters:
    status, duplicate_of = write.told
    recorded = write.recorded
    return {
        "submission_id": recorded.submission_id,
        "status": status,
        "duplicate_of": duplicate_of,
        "sequence": recorded.sequence,
    }
