"""The outbox: callbacks waiting, sent, refused, dead or withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from moderator.domain.account import Scope
from moderator.domain.answering.replies import guids_of
from moderator.domain.decisions.delivery import OVERTAKEN, Attempt, Callback, DeliveryState
from moderator.domain.decisions.metrics import CallbackNote
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.queue import Ticket
from moderator.domain.verdict import Verdict
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import (
    Database,
    Parameters,
    Statement,
    again_after_deadlock,
)
from moderator.storage.base.notes import note
from moderator.storage.base.times import to_ms
from moderator.storage.decisions.outbox import HEARD
from moderator.storage.queue import Queue
from moderator.storage.submission_rows import LockedSubmission, lock_submissions

# Whoever was decided about anew is not told of the decision before, were it tried again or not.
LOAD = SelectIn(
    "SELECT v.id, v.site_id, v.body, v.tries, v.sequence < s.sequence, v.url, s.id"
    " FROM deliveries v"
    " JOIN submissions s ON s.id = v.submission_id WHERE v.id IN {many}"
)
GUIDS = SelectIn(
    "SELECT DISTINCT submission_id, key FROM intake_keys WHERE submission_id IN {many}"
    " AND key >= 'akismet:' AND key < 'akismet;' ORDER BY submission_id, key"
)
ABOUT = SelectIn(
    "SELECT v.id, v.submission_id, v.sequence, d.verdict, d.duplicate_of FROM deliveries v"
    " JOIN decisions d ON d.id = v.decision_id WHERE v.id IN {many}"
)
FINISH = Statement(
    "UPDATE deliveries SET state = :state, tries = tries + 1, last_status = :status,"
    " last_error = :error, finished_at = :now WHERE id = :id"
)
POSTPONE = Statement(
    "UPDATE queue SET token = NULL, due_at = :due_at, attempts = 0"
    " WHERE id = :row AND token = :token"
)
REVIVE = (
    "UPDATE deliveries SET state = 'waiting', tries = 0, finished_at = NULL WHERE state = 'dead'"
    " AND length(body) > 0"  # else it has had its time (upkeep/retention.py)
    " AND sequence = (SELECT s.sequence FROM submissions s WHERE s.id = deliveries.submission_id)"
)
REQUEUE = Statement(
    "INSERT INTO queue (job, subject_id, site_id, lane, due_at)"
    " VALUES ('deliver', :id, :site_id, :submission_id, :due_at) ON CONFLICT DO NOTHING"
)


AGAIN = Statement(
    "UPDATE deliveries SET state = 'waiting', tries = 0, finished_at = NULL WHERE id = :id"
    " AND state IN ('dead', 'refused') AND length(body) > 0"
    " AND sequence = (SELECT s.sequence FROM submissions s"
    " WHERE s.id = deliveries.submission_id) RETURNING submission_id"
)
WHOSE = Statement("SELECT site_id FROM deliveries WHERE id = :id")
NOT_AGAIN = (
    "This is on its way, the blog knows it, a newer decision took its place, or what it said is"
    " kept no longer"
)


class CallbackSubject(NamedTuple):
    """Which decision a callback told of."""

    id: str
    submission_id: str
    sequence: int
    verdict: str
    duplicate_of: str


class DeliveryRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def load(self, ids: Iterable[str]) -> dict[str, Callback]:
        with self._database.read() as connection:
            rows = LOAD.run(connection, list(ids))
            asked = [row[6] for row in rows if row[5]]
            keys = GUIDS.run(connection, asked)
        guids: dict[str, list[str]] = {}
        for submission_id, key in keys:
            guids.setdefault(submission_id, []).append(key)
        return {
            row[0]: Callback(
                row[0],
                row[1],
                bytes(row[2]),
                int(row[3]),
                is_overtaken=bool(row[4]),
                url=row[5],
                guids=guids_of(guids.get(row[6], ())),
            )
            for row in rows
        }

    @again_after_deadlock
    def finish(self, attempts: Sequence[tuple[Ticket, Attempt]], now: datetime) -> None:
        """Store the results; an attempt with `retry_at` stays in the queue until then.

        Unless a newer decision was written meanwhile: then it is withdrawn. What the blog took is
        stored as acknowledged, unless it has acknowledged a later decision.
        """
        ids = [ticket.subject_id for ticket, _ in attempts]
        with self._database.write() as connection:
            about = {row[0]: CallbackSubject(*row) for row in ABOUT.run(connection, ids)}
            held = lock_submissions(connection, (one.submission_id for one in about.values()))
            self._queue.lock_rows(connection, [ticket for ticket, _ in attempts])
            known = [
                (ticket, _in_the_end(attempt, about.get(ticket.subject_id), held))
                for ticket, attempt in attempts
            ]
            written = self._end(connection, known)
            if written:
                FINISH.run(connection, [_finished(ticket, a, to_ms(now)) for ticket, a in written])
                _hear(connection, written, about)
                note(connection, [_note(ticket, attempt, about) for ticket, attempt in written])

    def _end(
        self, connection: Connection, attempts: Sequence[tuple[Ticket, Attempt]]
    ) -> list[tuple[Ticket, Attempt]]:
        """End or postpone the queue's rows; return those attempts whose rows were still ours."""
        ended = [(ticket, attempt) for ticket, attempt in attempts if attempt.retry_at is None]
        fenced = self._queue.fence(connection, [ticket for ticket, _ in ended])
        written = [pair for pair in ended if pair[0].row in fenced]
        for ticket, attempt in attempts:
            if attempt.retry_at is None:
                continue
            due = to_ms(attempt.retry_at)
            moved = POSTPONE.run(
                connection, {"row": ticket.row, "token": ticket.token, "due_at": due}
            )
            if moved.rowcount == 1:
                written.append((ticket, attempt))
        return written

    @again_after_deadlock
    def revive(self, site_id: str | None) -> int:
        """Queue dead letters again (of one site, or all); return how many.

        Not those that a newer decision has overtaken.
        """
        now = to_ms(self._database.now())
        where = " AND site_id = :site_id" if site_id else ""
        sql = text(REVIVE + where + " RETURNING id, site_id, submission_id")
        with self._database.write() as connection:
            parameters = {"site_id": site_id} if site_id else {}
            rows = connection.execute(sql, parameters).all()
            for row in rows:
                REQUEUE.run(
                    connection,
                    {"id": row[0], "site_id": row[1], "submission_id": row[2], "due_at": now},
                )
        return len(rows)

    @again_after_deadlock
    def resend(self, scope: Scope, delivery_id: str, now: datetime) -> str:
        """Queue one callback again, which the blog refused or which was given up.

        Return its submission. Raises NotFoundError, ConflictError.
        """
        named: Parameters = {"id": delivery_id}
        with self._database.write() as connection:
            site_id = WHOSE.run(connection, named).scalar()
            if site_id is None or not (scope is None or site_id in scope):
                raise NotFoundError("There is no such callback")
            submission_id = AGAIN.run(connection, named).scalar()
            if submission_id is None:
                raise ConflictError(NOT_AGAIN)
            row = {"site_id": site_id, "submission_id": submission_id, "due_at": to_ms(now)}
            REQUEUE.run(connection, named | row)
        return str(submission_id)


def _in_the_end(
    attempt: Attempt, about: CallbackSubject | None, held: Mapping[str, LockedSubmission]
) -> Attempt:
    """The attempt as it counts now that nobody else can decide: what is overtaken ends."""
    stored = held.get(about.submission_id) if about else None
    is_latest = about is not None and stored is not None and about.sequence == stored.sequence
    if attempt.retry_at is None or is_latest:
        return attempt
    return Attempt(DeliveryState.WITHDRAWN, attempt.status, attempt.error or OVERTAKEN.error)


def _hear(
    connection: Connection,
    attempts: Sequence[tuple[Ticket, Attempt]],
    about: Mapping[str, CallbackSubject],
) -> None:
    told = [
        about[ticket.subject_id]
        for ticket, attempt in attempts
        if attempt.state is DeliveryState.DELIVERED and ticket.subject_id in about
    ]
    rows: list[Parameters] = [
        {
            "submission_id": one.submission_id,
            "status": Verdict(one.verdict).status,
            "duplicate_of": one.duplicate_of,
            "sequence": one.sequence,
        }
        for one in sorted(told, key=_by_submission)
    ]
    if rows:
        HEARD.run(connection, rows)


def _note(ticket: Ticket, attempt: Attempt, about: Mapping[str, CallbackSubject]) -> CallbackNote:
    subject = about.get(ticket.subject_id)
    return CallbackNote(
        submission_id=ticket.submission_id,
        site_id=ticket.site_id,
        verdict=subject.verdict if subject else "",
        callback_id=ticket.subject_id,
        state=attempt.state.value,
        status=attempt.status,
    )


def _by_submission(one: CallbackSubject) -> tuple[str, int]:
    return one.submission_id, one.sequence


def _finished(ticket: Ticket, attempt: Attempt, now: int) -> dict[str, object]:
    return {
        "id": ticket.subject_id,
        "state": attempt.state.value,
        "status": attempt.status,
        "error": attempt.error,
        "now": None if attempt.state is DeliveryState.WAITING else now,
    }
