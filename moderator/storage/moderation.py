"""A person's decision, made and written while nobody else can decide."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from moderator.domain.errors import NotFoundError
from moderator.domain.moderation import Past, Subject
from moderator.domain.outcome import Outcome
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.database import Database, Statement, again_after_deadlock
from moderator.storage.decisions import write_outcomes
from moderator.storage.payload import load_findings
from moderator.storage.standings import STANDING, hold, standing_of
from moderator.storage.tables import decisions
from moderator.storage.views import recorded

READ = Statement(f"SELECT {STANDING}, {SHOWN_ID}, listed FROM submissions WHERE id = :id")  # noqa: S608  # our own words
UNQUEUE = Statement("DELETE FROM queue WHERE subject_id = :id AND job IN ('check', 'reach', 'ask')")
LATEST = 2  # decisions that are looked at: the one that stands, and the one before


class ModerationRows:
    """Honours usecases/moderate.py ModerationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @again_after_deadlock
    def record(
        self, submission_id: str, conclude: Callable[[Subject], Outcome | None]
    ) -> Outcome | None:
        with self._database.write() as connection:
            if not hold(connection, [submission_id]):
                raise NotFoundError("There is no such submission")
            outcome = conclude(_subject(connection, submission_id))
            if outcome is not None:
                UNQUEUE.run(connection, {"id": submission_id})
                write_outcomes(connection, [outcome])
        return outcome


def _subject(connection: Connection, submission_id: str) -> Subject:
    row = READ.run(connection, {"id": submission_id}).one()
    latest = connection.execute(
        select(decisions)
        .where(decisions.c.submission_id == submission_id)
        .order_by(decisions.c.sequence.desc())
        .limit(LATEST)
    )
    past = tuple(Past(recorded(one), load_findings(one.findings)) for one in latest)
    return Subject(standing_of(row, str(row[13])), past, is_listed=bool(row[14]))
