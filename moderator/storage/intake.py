"""Stores what sites send: one transaction for many arrivals, answers only after COMMIT."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.arrival import Arrival, Event, Receipt
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.domain.fingerprint import author_key, text_key
from moderator.domain.jobs import Job
from moderator.domain.submission import Submission
from moderator.storage.blog_events import record_blog_decision, record_report
from moderator.storage.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.erasure import erase
from moderator.storage.many import InsertMany
from moderator.storage.payload import dump
from moderator.storage.queue import Queue
from moderator.storage.times import to_ms

Answer = Receipt | ConflictError | NotFoundError

UNLESS_KNOWN = "ON CONFLICT DO NOTHING"
INSERT_KEYS = InsertMany(
    "intake_keys", "site_id key digest submission_id=id received_at", ending=UNLESS_KNOWN
)
INSERT = InsertMany(
    "submissions",
    "id site_id platform_id kind digest payload text_key author_key created_at received_at",
    ending=UNLESS_KNOWN,
)
ENQUEUE = InsertMany("queue", "job subject_id=id site_id due_at", ending=UNLESS_KNOWN)
FIND_KEY = Statement(
    "SELECT digest, submission_id FROM intake_keys WHERE site_id = :site_id AND key = :key"
)
FORGET_KEY = Statement("DELETE FROM intake_keys WHERE site_id = :site_id AND key = :key")
FIND = Statement(
    "SELECT id, digest, status FROM submissions"
    " WHERE site_id = :site_id AND platform_id = :platform_id"
)
UPDATE = Statement(
    "UPDATE submissions SET digest = :digest, payload = :payload, text_key = :text_key,"
    " author_key = :author_key, kind = :kind, status = 'queued' WHERE id = :id"
)


class _NotAllNewError(Exception):
    """Something was sent before; never leaves this module."""


class IntakeRows:
    """`usecases.accept.IntakeStore` over the tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    def waiting(self) -> int:
        return self._queue.waiting()

    @again_after_deadlock
    def add(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        rows = [_row(arrival) for arrival in arrivals]  # before the write lock is taken
        if all(arrival.event is Event.CREATED for arrival in arrivals):
            try:
                return self._add_new(rows)
            except _NotAllNewError:
                pass  # rolled back: now one by one
        with self._database.write() as connection:
            return [
                self._add_one(connection, arrival, row)
                for arrival, row in zip(arrivals, rows, strict=True)
            ]

    def _add_new(self, rows: Sequence[Parameters]) -> list[Answer]:
        """The usual case in three statements. Raises _NotAllNewError if a key or id is known."""
        # In one order everywhere, so that two processes cannot wait for each other's rows.
        keyed = sorted((row for row in rows if row["key"]), key=_key_order)
        with self._database.write() as connection:
            if (
                INSERT_KEYS.run(connection, keyed) != len(keyed)
                or INSERT.run(connection, sorted(rows, key=_id_order)) != len(rows)
            ):  # fmt: skip
                raise _NotAllNewError
            ENQUEUE.run(connection, rows)
        return [Receipt(str(row["id"]), is_new=True) for row in rows]

    def _add_one(self, connection: Connection, arrival: Arrival, row: Parameters) -> Answer:
        if arrival.key:
            repeated = self._same_key(connection, row)
            if repeated is not None:
                return repeated
        answer = self._apply(connection, arrival, row)
        if arrival.key and not (isinstance(answer, Receipt) and answer.id == row["id"]):
            # The key must name what was really answered, or nothing.
            FORGET_KEY.run(connection, {"site_id": row["site_id"], "key": row["key"]})
            if isinstance(answer, Receipt):
                INSERT_KEYS.run(connection, [row | {"id": answer.id}])
        return answer

    def _same_key(self, connection: Connection, row: Parameters) -> Answer | None:
        """Take the key; when it is taken, answer as the first time or refuse the contradiction."""
        if INSERT_KEYS.run(connection, [row]) == 1:
            return None
        found = FIND_KEY.run(connection, {"site_id": row["site_id"], "key": row["key"]}).one()
        if found[0] == row["digest"]:
            return Receipt(str(found[1]), is_new=False)
        return ConflictError("This idempotency key was used before, with another body")

    def _apply(self, connection: Connection, arrival: Arrival, row: Parameters) -> Answer:
        if arrival.event is Event.CREATED and INSERT.run(connection, [row]) == 1:
            ENQUEUE.run(connection, [row])
            return Receipt(str(row["id"]), is_new=True)
        found = FIND.run(
            connection, {"site_id": row["site_id"], "platform_id": row["platform_id"]}
        ).one_or_none()
        if found is None:
            return self._unknown(connection, arrival, row)
        known = replace(arrival.submission, id=str(found[0]))
        return self._known(connection, arrival, known, digest=str(found[1]))

    def _unknown(self, connection: Connection, arrival: Arrival, row: Parameters) -> Answer:
        """An event about a comment we never saw; an edited one is as good as a new one."""
        if arrival.event is not Event.UPDATED:
            return NotFoundError("There is no such comment here")
        INSERT.run(connection, [row])
        ENQUEUE.run(connection, [row])
        return Receipt(str(row["id"]), is_new=True)

    def _repeated(self, connection: Connection, arrival: Arrival, known: Submission) -> Receipt:
        if arrival.rechecks:
            due = to_ms(known.received_at)
            self._queue.look_now(connection, known.id, known.site_id, due)
        return Receipt(known.id, is_new=False)

    def _known(
        self, connection: Connection, arrival: Arrival, known: Submission, *, digest: str
    ) -> Answer:
        match arrival.event:
            case Event.CREATED:
                if digest != arrival.digest:
                    return ConflictError("This comment is known, with another content")
                return self._repeated(connection, arrival, known)
            case Event.UPDATED:
                if digest == arrival.digest:
                    return Receipt(known.id, is_new=False)
                row = _row(arrival) | {"id": known.id, "payload": dump(known)}
                UPDATE.run(connection, row)
                self._queue.renew(connection, [(known.id, known.site_id)], known.received_at)
            case Event.DELETED:
                erase(connection, known.id)
            case Event.REPORTED:
                record_report(connection, known.id)
                self._queue.renew(connection, [(known.id, known.site_id)], known.received_at)
            case Event.STATUS_CHANGED:
                record_blog_decision(connection, known, to_ms(known.received_at))
        return Receipt(known.id, is_new=True)


def _key_order(row: Parameters) -> tuple[str, str]:
    return str(row["site_id"]), str(row["key"])


def _id_order(row: Parameters) -> tuple[str, str]:
    return str(row["site_id"]), str(row["platform_id"])


def _row(arrival: Arrival) -> Parameters:
    submission = arrival.submission
    received: datetime = submission.received_at
    return {
        "id": submission.id,
        "site_id": submission.site_id,
        "platform_id": submission.platform_id,
        "kind": submission.kind.value,
        "digest": arrival.digest,
        "payload": dump(submission),
        "text_key": text_key(submission),
        "author_key": author_key(submission.author),
        "created_at": to_ms(submission.created_at),
        "received_at": to_ms(received),
        "key": arrival.key,
        "job": Job.CHECK.value,
        "due_at": to_ms(received),
    }
