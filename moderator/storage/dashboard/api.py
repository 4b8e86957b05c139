"""What a site reads about its own submissions."""

from sqlalchemy import Connection, and_, literal_column, select

from moderator.domain.pages.api import SubmissionStatus
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_findings
from moderator.storage.base.times import from_ms
from moderator.storage.base.values import AnyRow, delivery_of, recorded
from moderator.storage.campaigns import SHOWN_ID
from moderator.storage.schema.tables import decisions, deliveries, queue, submissions


class SubmissionStatusRows:
    """Honours usecases/moderate/submission_status.py Views."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, site_id: str, submission_id: str) -> SubmissionStatus | None:
        return self._find(site_id, "id", submission_id)

    def find_by_platform_id(self, site_id: str, platform_id: str) -> SubmissionStatus | None:
        return self._find(site_id, "platform_id", platform_id)

    def _find(self, site_id: str, column: str, value: str) -> SubmissionStatus | None:
        where = and_(submissions.c.site_id == site_id, submissions.c[column] == value)
        with self._database.read() as connection:
            wanted = select(submissions, literal_column(SHOWN_ID).label("shown_campaign"))
            row = connection.execute(wanted.where(where)).one_or_none()
            return None if row is None else _submission_status(connection, row)


def _submission_status(connection: Connection, row: AnyRow) -> SubmissionStatus:
    decided = connection.execute(
        select(decisions).where(decisions.c.submission_id == row.id).order_by(decisions.c.sequence)
    ).all()
    sent = connection.execute(
        select(deliveries)
        .where(deliveries.c.submission_id == row.id)
        .order_by(deliveries.c.created_at)
    ).all()
    found = decided[-1].findings if decided else _so_far(connection, row.id)
    return SubmissionStatus(
        id=row.id,
        platform_id=row.platform_id,
        kind=row.kind,
        status=row.status,
        received_at=from_ms(row.received_at),
        duplicate_of=row.duplicate_of,
        findings=load_findings(found),
        decisions=tuple(recorded(decision) for decision in decided),
        deliveries=tuple(delivery_of(delivery) for delivery in sent),
        campaign_id=row.shown_campaign,
        content_version=row.content_version,
        reports=row.reports,
    )


def _so_far(connection: Connection, submission_id: str) -> str:
    """What the first stage found, while the second is waited for."""
    statement = select(queue.c.findings).where(
        queue.c.subject_id == submission_id, queue.c.job == "reach"
    )
    return connection.execute(statement).scalar() or ""
