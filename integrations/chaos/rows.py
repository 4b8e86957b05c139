"""What the service wrote, read from its own tables once it has drained."""

from typing import NamedTuple

from moderator.storage.base.database import Database


class SubmissionRow(NamedTuple):
    id: str
    site: str
    comment: str  # the blog's id
    status: str
    sequence: int
    version: int
    reports: int
    payload: str


class DecisionRow(NamedTuple):
    id: str
    submission: str
    sequence: int
    verdict: str
    by: str
    name: str
    version: int
    reasons: str


class CallbackRow(NamedTuple):
    id: str
    submission: str
    sequence: int
    state: str
    body: bytes


class Rows(NamedTuple):
    submissions: list[SubmissionRow]
    decisions: list[DecisionRow]
    callbacks: list[CallbackRow]


SUBMISSIONS = (
    "SELECT id, site_id, platform_id, status, sequence, content_version, reports, payload"
    " FROM submissions ORDER BY id"
)
DECISIONS = (
    "SELECT id, submission_id, sequence, verdict, decided_by, decider_name, content_version,"
    " reasons FROM decisions ORDER BY submission_id, sequence"
)
CALLBACKS = "SELECT id, submission_id, sequence, state, body FROM deliveries ORDER BY id"
LEFT = (
    "SELECT (SELECT count(*) FROM submissions WHERE status = 'queued')"
    " + (SELECT count(*) FROM queue WHERE job IN ('check', 'reach', 'deliver'))"
)


def read(database: Database) -> Rows:
    with database.read() as connection:
        return Rows(
            [SubmissionRow(*row) for row in connection.exec_driver_sql(SUBMISSIONS)],
            [DecisionRow(*row) for row in connection.exec_driver_sql(DECISIONS)],
            [
                CallbackRow(row[0], row[1], row[2], row[3], bytes(row[4]))
                for row in connection.exec_driver_sql(CALLBACKS)
            ],
        )


def left(database: Database) -> int:
    """How much is still to be judged or told. Raises StorageUnavailableError."""
    with database.read() as connection:
        return int(str(connection.exec_driver_sql(LEFT).scalar_one()))
