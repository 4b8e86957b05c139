"""A person's decisions, made and written while nobody else can decide."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.moderation import EarlierDecision, ModeratedSubmission, Refusal
from moderator.domain.errors import ConflictError, NotFoundError
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Database, again_after_deadlock
from moderator.storage.base.payload import load_findings
from moderator.storage.base.values import recorded
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.copies import AffectedCopies, before_at_place, copies_of
from moderator.storage.decisions.write import write_decisions
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import decisions
from moderator.storage.submission_rows import (
    STORED_COLUMNS,
    LockedSubmission,
    lock_submissions,
    stored_submission,
)

READ = SelectIn(
    f"SELECT {STORED_COLUMNS}, {SHOWN_ID}, listed, id FROM submissions"  # noqa: S608  # our own words
    " WHERE id IN {many}"
)
UNQUEUE = SelectIn(
    "DELETE FROM queue WHERE subject_id IN {many} AND job IN ('check', 'reach', 'ask') RETURNING id"
)
LATEST = 2  # decisions that are looked at: the one that stands, and the one before

Conclude = Callable[[ModeratedSubmission], DecisionWrite | None]


class ModerationRows:
    """Honours usecases/moderate/decide.py ModerationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    @again_after_deadlock
    def record(self, submission_id: str, conclude: Conclude) -> DecisionWrite | None:
        with self._database.write() as connection:
            held = lock_submissions(connection, _concerned(connection, [submission_id]))
            if submission_id not in held:
                raise NotFoundError("There is no such submission")
            [subject] = _subjects(connection, [submission_id])
            write = conclude(subject)
            if write is not None:
                self._write(connection, [write], held)
        return write

    @again_after_deadlock
    def record_all(
        self, ids: Sequence[str], conclude: Conclude
    ) -> tuple[list[DecisionWrite], list[Refusal]]:
        writes: list[DecisionWrite] = []
        refused: list[Refusal] = []
        with self._database.write() as connection:
            held = lock_submissions(connection, _concerned(connection, ids))
            for subject in _subjects(connection, sorted(held.keys() & set(ids))):
                try:
                    write = conclude(subject)
                except ConflictError as error:
                    id_ = subject.stored.submission.id
                    refused.append(Refusal(id_, str(error), subject.latest))
                    continue
                writes += [] if write is None else [write]
            self._write(connection, writes, held)
        return writes, refused

    def _write(
        self,
        connection: Connection,
        writes: Sequence[DecisionWrite],
        held: dict[str, LockedSubmission],
    ) -> None:
        if not writes:
            return
        UNQUEUE.run(connection, [write.recorded.submission_id for write in writes])
        write_decisions(connection, writes)
        followers = AffectedCopies(connection, writes)
        followers.judge_again(connection, self._queue, held, writes)


def _concerned(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Whatever is decided, these may have to be judged again: rows are held in one order."""
    copies, before = copies_of(connection, ids), before_at_place(connection, ids)
    return {*ids, *(id_ for id_, _ in (*copies, *before))}


def _subjects(connection: Connection, ids: Sequence[str]) -> list[ModeratedSubmission]:
    """What stands, and the latest decisions, in the order of the ids."""
    rows = {row[18]: row for row in READ.run(connection, ids)}
    pasts = _pasts(connection, {id_: int(row[1]) for id_, row in rows.items()})
    return [
        ModeratedSubmission(
            stored_submission(row, str(row[16])), tuple(pasts[id_]), is_listed=bool(row[17])
        )
        for id_, row in sorted(rows.items())
    ]


def _pasts(connection: Connection, sequences: dict[str, int]) -> dict[str, list[EarlierDecision]]:
    """The latest decisions of each, the last one first."""
    found: dict[str, list[EarlierDecision]] = defaultdict(list)
    wanted = [
        f"{id_}-{sequence - back}"
        for id_, sequence in sequences.items()
        for back in range(min(LATEST, sequence))
    ]
    if wanted:
        some = select(decisions).where(decisions.c.id.in_(wanted))
        for row in connection.execute(some.order_by(decisions.c.sequence.desc())):
            found[row.submission_id].append(
                EarlierDecision(recorded(row), load_findings(row.findings))
            )
    return found
