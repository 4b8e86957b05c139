"""Writes decisions: decision, new status and callback row in the caller's one transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.decisions.conclude import KEEPER, bound_by
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.metrics import DecisionNote
from moderator.domain.pages.sample import day_of, doubt
from moderator.storage.base.bulk_sql import InsertRows
from moderator.storage.base.database import Parameters, Statement
from moderator.storage.base.notes import note
from moderator.storage.base.payload import dump
from moderator.storage.base.times import to_ms
from moderator.storage.counts import AUTHORS
from moderator.storage.decisions.outbox import write_callbacks
from moderator.storage.rules import count_rules
from moderator.storage.search import keep_words

INSERT_DECISIONS = InsertRows(
    "decisions",
    "id submission_id site_id sequence verdict previous_status score hold_at spam_at"
    " policy_version decided_by decider_id decider_name reasons findings duplicate_of decided_at"
    " content_version act",
)
# Reports ask whether an approved comment may stay: a person's word answers, and so does any
# verdict that does not show it.
SET_STATUS = Statement(
    "UPDATE submissions SET sequence = :sequence, status = :status, decided_by = :decided_by,"
    " score = :score, duplicate_of = :duplicate_of, decided_status = :status,"
    " decided_version = :content_version, bound_by = :bound_by, decided_at = :decided_at,"
    " listed = CASE WHEN :answers = 1 THEN 0 ELSE listed END,"
    " let_through_on = CASE WHEN :said = 1 THEN let_through_on ELSE :let_through_on END,"
    " doubt = CASE WHEN :said = 1 THEN doubt ELSE :doubt END WHERE id = :submission_id"
)
LEARN = InsertRows(
    "queue",
    "job subject_id=submission_id site_id due_at=deliver_at",
    ending="ON CONFLICT (job, subject_id) DO UPDATE SET due_at = excluded.due_at, token = NULL,"
    " attempts = 0",
)
# Taken back in time: nothing was learned yet, so there is nothing to learn.
UNLEARN = Statement(
    "DELETE FROM queue WHERE job = 'learn' AND subject_id = :submission_id"
    " AND NOT EXISTS (SELECT 1 FROM lessons WHERE submission_id = :submission_id)"
    " AND NOT EXISTS (SELECT 1 FROM host_rulings WHERE submission_id = :submission_id)"
)
REVERIFY_AT = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " VALUES ('reverify', :submission_id, :site_id, :look_at)"
    " ON CONFLICT (job, subject_id) DO NOTHING"
)
ASK_AGAIN = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at, findings)"
    " VALUES ('ask', :submission_id, :site_id, :ask_at, :silent) ON CONFLICT (job, subject_id)"
    " DO UPDATE SET due_at = excluded.due_at, token = NULL, attempts = 0,"
    " findings = excluded.findings"
)
END_REVERIFICATION = Statement(
    "DELETE FROM queue WHERE job = 'reverify' AND subject_id = :submission_id"
)
# An earlier decision's word to the spam service must not go out any more.
UNTEACH = Statement(
    "DELETE FROM queue WHERE job = 'teach' AND token IS NULL AND subject_id IN"
    " (SELECT d.id FROM decisions d WHERE d.submission_id = :submission_id"
    " AND d.sequence < :sequence)"
)
TEACH = InsertRows(
    "queue", "job subject_id=id site_id due_at=deliver_at", ending="ON CONFLICT DO NOTHING"
)
TEACH_BACK = Statement(
    "INSERT INTO queue (job, subject_id, site_id, due_at)"
    " SELECT 'teach', :id, s.site_id, :deliver_at FROM submissions s"
    " WHERE s.id = :submission_id AND s.feedback <> '' ON CONFLICT DO NOTHING"
)


def write_decisions(connection: Connection, writes: Sequence[DecisionWrite]) -> None:
    """Append decisions about submissions whose rows the caller holds, and which are current.

    Unique (submission, sequence) is the net.
    """
    if not writes:
        return
    decisions = [decision_row(write) for write in writes]
    INSERT_DECISIONS.run(connection, decisions)
    ids = [write.recorded.submission_id for write in writes]
    later = [o.recorded.submission_id for o in writes if o.recorded.sequence > 1]
    with AUTHORS.keeping(connection, ids, counted=later):
        SET_STATUS.run(connection, decisions)
    pairs = list(zip(writes, decisions, strict=True))
    _write_lessons(connection, [row for write, row in pairs if write.teaches])
    looks = [row for write, row in pairs if write.reverify_at is not None]
    if looks:
        REVERIFY_AT.run(connection, looks)
    asks = [row for write, row in pairs if write.ask_at is not None]
    if asks:
        ASK_AGAIN.run(connection, asks)
    ended = [row for write, row in pairs if write.ends_reverification]
    if ended:
        END_REVERIFICATION.run(connection, ended)
    write_callbacks(connection, writes)
    count_rules(connection, writes)
    note(connection, [_note(write) for write in writes])
    held = [row for row in decisions if row["status"] == "hold"]
    known = [str(row["submission_id"]) for row in held if row["sequence"] != 1]
    keep_words(connection, [str(row["submission_id"]) for row in held], known=known)


def _note(write: DecisionWrite) -> DecisionNote:
    recorded, decision = write.recorded, write.recorded.decision
    by = decision.decided_by
    return DecisionNote(
        submission_id=recorded.submission_id,
        site_id=write.site_id,
        verdict=decision.verdict.value,
        decided_by=by.kind.value,
        sequence=recorded.sequence,
        score=decision.score,
        is_first_by_service=recorded.sequence == 1 and not by.kind.is_person,
        is_parked=by == KEEPER,
    )


def _write_lessons(connection: Connection, rows: Sequence[Parameters]) -> None:
    """Have learned, after the grace period, what people say now, and not what they said before."""
    if not rows:
        return
    said = [row for row in rows if row["is_by_person"]]
    taken_back = [row for row in rows if not row["is_by_person"]]
    LEARN.run(connection, [row | {"job": "learn"} for row in rows])
    UNTEACH.run(connection, rows)
    if said:
        TEACH.run(connection, [row | {"job": "teach"} for row in said])
    if taken_back:
        UNLEARN.run(connection, taken_back)
        TEACH_BACK.run(connection, taken_back)


def decision_row(write: DecisionWrite) -> Parameters:
    recorded = write.recorded
    decision = recorded.decision
    is_by_person = decision.decided_by.kind.is_person
    status, decided_at = decision.verdict.status, to_ms(recorded.decided_at)
    is_let_through = not is_by_person and status == "approved"
    return {
        "id": recorded.id,
        "submission_id": recorded.submission_id,
        "site_id": write.site_id,
        "sequence": recorded.sequence,
        "verdict": decision.verdict.value,
        "status": status,
        "previous_status": recorded.previous_status,
        "score": decision.score,
        "hold_at": decision.hold_at,
        "spam_at": decision.spam_at,
        "policy_version": decision.policy_version,
        "decided_by": decision.decided_by.kind.value,
        "is_by_person": is_by_person,
        "answers": int(is_by_person or status != "approved"),
        "said": int(is_by_person),
        "let_through_on": day_of(decided_at) if is_let_through else 0,
        "doubt": doubt(decision.score, recorded.submission_id) if is_let_through else 0,
        "decider_id": decision.decided_by.id,
        "decider_name": decision.decided_by.name,
        "reasons": dump(decision.reasons),
        "findings": dump(write.findings),
        "duplicate_of": decision.duplicate_of,
        "bound_by": bound_by(decision),
        "decided_at": decided_at,
        "content_version": recorded.content_version,
        "act": recorded.act,
        "deliver_at": to_ms(write.deliver_at),
        "ask_at": None if write.ask_at is None else to_ms(write.ask_at),
        "silent": dump(write.silent) if write.silent else "",
        "look_at": None if write.reverify_at is None else to_ms(write.reverify_at),
    }
