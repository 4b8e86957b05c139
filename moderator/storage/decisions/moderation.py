"""A person's decision, made and written while nobody else can decide."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.decisions.moderation import EarlierDecision, ModeratedSubmission
from moderator.domain.errors import NotFoundError
from moderator.storage.base.database import Database, Statement, again_after_deadlock
from moderator.storage.base.payload import load_findings
from moderator.storage.base.values import recorded
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.copies import AffectedCopies, before_at_place, copies_of
from moderator.storage.decisions.write import write_decisions
from moderator.storage.queue import Queue
from moderator.storage.schema.tables import decisions
from moderator.storage.submission_rows import STORED_COLUMNS, lock_submissions, stored_submission

READ = Statement(f"SELECT {STORED_COLUMNS}, {SHOWN_ID}, listed FROM submissions WHERE id = :id")  # noqa: S608  # our own words
UNQUEUE = Statement("DELETE FROM queue WHERE subject_id = :id AND job IN ('check', 'reach', 'ask')")
LATEST = 2  # decisions that are looked at: the one that stands, and the one before


class ModerationRows:
    """Honours usecases/moderate/decide.py ModerationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = Queue(database)

    @again_after_deadlock
    def record(
        self, submission_id: str, conclude: Callable[[ModeratedSubmission], DecisionWrite | None]
    ) -> DecisionWrite | None:
        with self._database.write() as connection:
            held = lock_submissions(connection, self._concerned(connection, submission_id))
            if submission_id not in held:
                raise NotFoundError("There is no such submission")
            write = conclude(_subject(connection, submission_id))
            if write is not None:
                UNQUEUE.run(connection, {"id": submission_id})
                write_decisions(connection, [write])
                followers = AffectedCopies(connection, [write])
                followers.judge_again(connection, self._queue, held, [write])
        return write

    @staticmethod
    def _concerned(connection: Connection, submission_id: str) -> set[str]:
        """Whatever is decided, these may have to be judged again: rows are held in one order."""
        copies = copies_of(connection, [submission_id])
        before = before_at_place(connection, submission_id)
        return {submission_id, *(id_ for id_, _ in (*copies, *before))}


def _subject(connection: Connection, submission_id: str) -> ModeratedSubmission:
    row = READ.run(connection, {"id": submission_id}).one()
    latest = connection.execute(
        select(decisions)
        .where(decisions.c.submission_id == submission_id)
        .order_by(decisions.c.sequence.desc())
        .limit(LATEST)
    )
    earlier = tuple(EarlierDecision(recorded(one), load_findings(one.findings)) for one in latest)
    return ModeratedSubmission(
        stored_submission(row, str(row[16])), earlier, is_listed=bool(row[17])
    )
