"""Writes decisions: decision, new status and callback row in the caller's one transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.jobs import Job
from moderator.domain.outcome import Outcome
from moderator.storage.database import Parameters, Statement
from moderator.storage.many import InsertMany
from moderator.storage.payload import dump
from moderator.storage.times import to_ms

INSERT_DECISIONS = InsertMany(
    "decisions",
    "id submission_id site_id sequence verdict previous_status score hold_at spam_at"
    " policy_version decided_by decider_id decider_name reasons findings duplicate_of decided_at",
)
SET_STATUS = Statement(
    "UPDATE submissions SET sequence = :sequence, status = :status, decided_by = :decided_by,"
    " score = :score, duplicate_of = :duplicate_of WHERE id = :submission_id"
)
INSERT_DELIVERIES = InsertMany(
    "deliveries", "id site_id submission_id decision_id event body created_at"
)
ENQUEUE = InsertMany("queue", "job subject_id=id site_id lane=submission_id due_at")
LEARN = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " VALUES ('learn', :submission_id, :site_id, :decided_at)"
    " ON CONFLICT (job, subject_id) DO UPDATE SET due_at = excluded.due_at, token = NULL,"
    " attempts = 0"
)
LOOK_AGAIN = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " VALUES ('reverify', :submission_id, :site_id, :look_at)"
    " ON CONFLICT (job, subject_id) DO NOTHING"
)
TEACH = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " VALUES ('teach', :id, :site_id, :deliver_at) ON CONFLICT DO NOTHING"
)
# Only callbacks have a submission for their lane. Were the job named, SQLite would take the index
# of what is due, and read all that is.
HURRY = Statement(
    "UPDATE queue SET due_at = :due_at WHERE lane = :submission_id AND token IS NULL"
    " AND due_at > :due_at"
)


def write_outcomes(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Append decisions that the caller has fenced; unique (submission, sequence) is the net."""
    if not outcomes:
        return
    decisions = [_decision_row(outcome) for outcome in outcomes]
    INSERT_DECISIONS.run(connection, decisions)
    SET_STATUS.run(connection, decisions)
    lessons = [row for row in decisions if row["is_by_person"]]
    if lessons:
        LEARN.run(connection, lessons)
        TEACH.run(connection, lessons)
    looks = [_look_row(outcome) for outcome in outcomes if outcome.look_at is not None]
    if looks:
        LOOK_AGAIN.run(connection, looks)
    deliveries = [_delivery_row(outcome) for outcome in outcomes if outcome.callback is not None]
    if deliveries:
        INSERT_DELIVERIES.run(connection, deliveries)
        # An earlier callback of the same comment must not make the newer one wait for its retry.
        hurried = [row for row in deliveries if row["hurry"]]
        if hurried:
            HURRY.run(connection, hurried)
        ENQUEUE.run(connection, deliveries)


def _decision_row(outcome: Outcome) -> Parameters:
    recorded = outcome.recorded
    decision = recorded.decision
    return {
        "id": recorded.id,
        "submission_id": recorded.submission_id,
        "site_id": outcome.site_id,
        "sequence": recorded.sequence,
        "verdict": decision.verdict.value,
        "status": decision.verdict.status,
        "previous_status": recorded.previous_status,
        "score": decision.score,
        "hold_at": decision.hold_at,
        "spam_at": decision.spam_at,
        "policy_version": decision.policy_version,
        "decided_by": decision.decided_by.kind.value,
        "is_by_person": decision.decided_by.kind.is_person,
        "decider_id": decision.decided_by.id,
        "decider_name": decision.decided_by.name,
        "reasons": dump(decision.reasons),
        "findings": dump(outcome.findings),
        "duplicate_of": decision.duplicate_of,
        "decided_at": to_ms(recorded.decided_at),
        "deliver_at": to_ms(outcome.deliver_at),
    }


def _look_row(outcome: Outcome) -> Parameters:
    return {
        "submission_id": outcome.recorded.submission_id,
        "site_id": outcome.site_id,
        "look_at": None if outcome.look_at is None else to_ms(outcome.look_at),
    }


def _delivery_row(outcome: Outcome) -> Parameters:
    recorded = outcome.recorded
    return {
        "id": f"msg_{recorded.id}",
        "job": Job.DELIVER.value,
        "site_id": outcome.site_id,
        "submission_id": recorded.submission_id,
        "decision_id": recorded.id,
        "event": outcome.event,
        "body": outcome.callback,
        "created_at": to_ms(recorded.decided_at),
        "due_at": to_ms(outcome.deliver_at),
        "hurry": recorded.sequence > 1,
    }
