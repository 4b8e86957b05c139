"""Stores arrivals: many in one transaction, answered only after COMMIT.

What an event does is decided in domain/events/effects.py; here the stored row is locked and read,
and the effect is carried out.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from moderator.domain.answering.replies import GUIDS_KEPT, PREFIX
from moderator.domain.content.facts import Mask
from moderator.domain.errors import (
    ConflictError,
    FaultError,
    NotFoundError,
    StorageUnavailableError,
)
from moderator.domain.events.arrival import Answer, Arrival, Event, Receipt
from moderator.domain.events.effects import Effect, Response, StoreNew, StoreTombstone
from moderator.domain.events.known import EventTime, KnownComment
from moderator.domain.queue import Job
from moderator.domain.submission import Kind, Submission
from moderator.domain.verdict import ERASED, QUEUED
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.causes import cause_of
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.times import KEYS_KEPT, from_ms, to_ms
from moderator.storage.copies import before_at_place, copies_of
from moderator.storage.intake.effects import CONTENT, ENQUEUE, Effects
from moderator.storage.queue import Queue
from moderator.storage.submission_rows import content_row, lock_submissions

Rules = Callable[[Arrival, KnownComment | None], Response]

log = logging.getLogger(__name__)

UNLESS_KNOWN = "ON CONFLICT DO NOTHING"
INSERT_KEYS = InsertRows(
    "intake_keys", "site_id key digest=said submission_id=id received_at", ending=UNLESS_KNOWN
)
INSERT = InsertRows(
    "submissions",
    f"id site_id platform_id created_at received_at {CONTENT}",
    ending=UNLESS_KNOWN,
)
BURY_UNKNOWN = InsertRows(
    "submissions",
    "id site_id platform_id created_at=received_at received_at status erased_at=received_at",
    ending=UNLESS_KNOWN,
)
FIND_KEY = Statement(
    "SELECT k.digest, k.submission_id, s.status FROM intake_keys k"
    " LEFT JOIN submissions s ON s.id = k.submission_id"
    " WHERE k.site_id = :site_id AND k.key = :key"
)
FORGET_KEY = Statement("DELETE FROM intake_keys WHERE site_id = :site_id AND key = :key")
IDS = SelectIn(
    "SELECT s.id FROM (VALUES {rows}) AS k"
    " JOIN submissions s ON s.site_id = k.column1 AND s.platform_id = k.column2"
)
FIND = (
    "SELECT id, status, decided_by, sequence, content_version, digest, duplicate_of, kind, reports,"
    " listed_version, edited_as, edited_at, blog_decided_as, blog_decided_at FROM submissions"
    " WHERE site_id = :site_id AND platform_id = :platform_id"
)
FIND_FREE, FIND_LOCKED = Statement(FIND), Statement(f"{FIND} FOR UPDATE")


class _NotAllNewError(Exception):
    """Something was sent before; never leaves this module."""


class IntakeRows:
    """`usecases.intake.accept.IntakeStore` over the tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)
        self._effects = Effects(self._queue)
        self._find = FIND_LOCKED if database.is_postgres else FIND_FREE

    def waiting(self) -> int:
        return self._queue.waiting()

    def begin(self, arrivals: Sequence[Arrival], respond: Rules) -> Callable[[], list[Answer]]:
        return partial(self.add, arrivals, respond)

    @again_after_deadlock
    def add(self, arrivals: Sequence[Arrival], respond: Rules) -> list[Answer]:
        rows = [
            _row(arrival, self._database.mask) for arrival in arrivals
        ]  # before the write lock is taken
        if all(arrival.event is Event.CREATED for arrival in arrivals):
            try:
                return self._add_new(arrivals, rows)
            except _NotAllNewError:
                pass  # rolled back: now one by one
            except DBAPIError as error:  # one that cannot be stored: the others can
                log.warning("event=not_storable error=%s", type(error).__name__)
        with self._database.write() as connection:
            self._hold_all(connection, arrivals)
            return [
                self._add_alone(connection, arrival, row, respond)
                for arrival, row in zip(arrivals, rows, strict=True)
            ]

    def _add_new(self, arrivals: Sequence[Arrival], rows: Sequence[Parameters]) -> list[Answer]:
        """The usual case in three statements. Raises _NotAllNewError if a key or id is known."""
        # In one order everywhere, so that two processes cannot wait for each other's rows.
        keyed = sorted(
            (
                _under(row, key)
                for arrival, row in zip(arrivals, rows, strict=True)
                for key in arrival.keys
            ),
            key=_key_order,
        )
        with self._database.write() as connection:
            if (
                INSERT_KEYS.run(connection, keyed) != len(keyed)
                or INSERT.run(connection, sorted(rows, key=_id_order)) != len(rows)
            ):  # fmt: skip
                raise _NotAllNewError
            ENQUEUE.run(connection, rows)
        return [Receipt(str(row["id"]), is_new=True) for row in rows]

    def _hold_all(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Take every row that these are about, and what follows from them, in the one order."""
        names = {(a.submission.site_id, a.submission.platform_id) for a in arrivals}
        gone, decided = (
            {(a.submission.site_id, a.submission.platform_id) for a in arrivals if a.event is event}
            for event in (Event.DELETED, Event.STATUS_CHANGED)
        )
        ids = [row[0] for row in IDS.run(connection, sorted(names))]
        going = [row[0] for row in IDS.run(connection, sorted(gone | decided))]
        followers = copies_of(connection, going)
        at_blog = [row[0] for row in IDS.run(connection, sorted(decided))]
        followers += before_at_place(connection, at_blog)
        lock_submissions(connection, [*ids, *(id_ for id_, _ in followers)])

    def _add_alone(
        self, connection: Connection, arrival: Arrival, row: Parameters, respond: Rules
    ) -> Answer:
        """Add one behind a savepoint: whatever breaks here, its neighbours do not feel it."""
        savepoint = connection.begin_nested()
        try:
            answer = self._add_one(connection, arrival, row, respond)
        except StorageUnavailableError:
            raise  # the database's trouble, and everybody's
        except Exception as error:
            if isinstance(error, SQLAlchemyError) and cause_of(error):
                raise  # the same
            savepoint.rollback()
            if isinstance(error, IntegrityError):  # the one row that all others hang on
                return NotFoundError("The site was removed")
            log.exception("event=%s failed platform_id=%r", arrival.event, row["platform_id"])
            return FaultError("This event could not be taken; it was logged")
        savepoint.commit()
        return answer

    def _add_one(
        self, connection: Connection, arrival: Arrival, row: Parameters, respond: Rules
    ) -> Answer:
        repeated = self._same_keys(connection, arrival, row)
        if repeated is not None:
            return repeated
        answer = self._apply(connection, arrival, row, respond)
        id_ = answer.id if isinstance(answer, Receipt) else ""
        if id_ != row["id"]:
            # A key must name what was really answered, or nothing.
            for key in arrival.keys:
                named = _under(row, key)
                FORGET_KEY.run(connection, named)
                if id_:
                    INSERT_KEYS.run(connection, [named | {"id": id_}])
        return answer

    def _same_keys(
        self, connection: Connection, arrival: Arrival, row: Parameters
    ) -> Answer | None:
        """Take the keys; when one is taken, answer as the first time or refuse the contradiction.

        The other key, if it is new, becomes another name of the first answer.
        """
        rows = [_under(row, key) for key in arrival.keys]
        taken = [one for one in rows if INSERT_KEYS.run(connection, [one]) != 1]
        if not taken:
            return None
        first = FIND_KEY.run(connection, taken[0]).one()
        for one in rows:
            if one not in taken:
                FORGET_KEY.run(connection, one)
        if first[0] != row["said"]:
            return ConflictError("This idempotency key was used before, with another body")
        INSERT_KEYS.run(connection, [one | {"id": first[1]} for one in rows if one not in taken])
        status = ERASED if first[2] in (ERASED, None) else QUEUED
        return Receipt(str(first[1]), is_new=False, status=status)

    def _apply(
        self, connection: Connection, arrival: Arrival, row: Parameters, respond: Rules
    ) -> Answer:
        known = self._known(connection, row)
        response = respond(arrival, known)
        if not _is_first(connection, response.effect, row):
            known = self._known(connection, row)  # stored at this moment by somebody else
            response = respond(arrival, known)
        id_ = str(row["id"]) if known is None else known.id
        self._effects.carry_out(connection, response.effect, row | {"id": id_})
        return response.answer

    def _known(self, connection: Connection, row: Parameters) -> KnownComment | None:
        found = self._find.run(connection, row).one_or_none()
        if found is None:
            return None
        return KnownComment(
            id=str(found[0]),
            status=str(found[1]),
            decided_by=str(found[2]),
            sequence=int(str(found[3])),
            content_version=int(str(found[4])),
            content=str(found[5]),
            duplicate_of=str(found[6]),
            is_linkback=Kind(str(found[7])).is_linkback,
            reports=int(str(found[8])),
            listed_version=int(str(found[9])),
            edited=_mark(found[10], found[11]),
            decided=_mark(found[12], found[13]),
        )


def _is_first(connection: Connection, effect: Effect, row: Parameters) -> bool:
    """Store what is new; False where somebody else was faster."""
    match effect:
        case StoreNew():
            return INSERT.run(connection, [row]) == 1
        case StoreTombstone():
            return BURY_UNKNOWN.run(connection, [row | {"status": ERASED}]) == 1
        case _:
            return True


def _mark(version: object, at: object) -> EventTime | None:
    return EventTime(str(version), from_ms(int(str(at)))) if at else None


def _under(row: Parameters, key: str) -> Parameters:
    """The row of a key. A guid is kept as long as its client may wait to be told more."""
    if not key.startswith(PREFIX):
        return row | {"key": key}
    later = to_ms(from_ms(int(str(row["received_at"]))) + timedelta(seconds=GUIDS_KEPT) - KEYS_KEPT)
    return row | {"key": key, "received_at": later}


def _key_order(row: Parameters) -> tuple[str, str]:
    return str(row["site_id"]), str(row["key"])


def _id_order(row: Parameters) -> tuple[str, str]:
    return str(row["site_id"]), str(row["platform_id"])


def _row(arrival: Arrival, mask: Mask) -> Parameters:
    submission: Submission = arrival.submission
    received, happened = to_ms(submission.received_at), to_ms(arrival.happened_at)
    return content_row(submission, mask) | {
        "id": submission.id,
        "site_id": submission.site_id,
        "platform_id": submission.platform_id,
        "created_at": to_ms(submission.created_at),
        "received_at": received,
        "edited_as": submission.version,
        "edited_at": happened,
        "decided_as": submission.version,
        "decided_at": happened,
        "said": arrival.digest,
        "job": Job.CHECK_LOCAL.value,
        "due_at": received,
    }
