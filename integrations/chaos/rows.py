"""What the service wrote, read from its own tables once it has drained."""

from collections.abc import Sequence
from typing import Any, NamedTuple  # what a driver returns is typed by nobody

from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms


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
    waits: str = ""  # until when, and whether somebody holds it


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
CALLBACKS = (
    "SELECT d.id, d.submission_id, d.sequence, d.state, d.body, q.due_at, q.attempts, q.token"
    " FROM deliveries d LEFT JOIN queue q ON q.job = 'deliver' AND q.subject_id = d.id"
    " ORDER BY d.id"
)
LEFT = (
    "SELECT (SELECT count(*) FROM submissions WHERE status = 'queued')"
    " + (SELECT count(*) FROM queue WHERE job IN ('check', 'reach', 'deliver'))"
)


def read(database: Database) -> Rows:
    now = to_ms(database.now())
    with database.read() as connection:
        return Rows(
            [SubmissionRow(*row) for row in connection.exec_driver_sql(SUBMISSIONS)],
            [DecisionRow(*row) for row in connection.exec_driver_sql(DECISIONS)],
            [
                CallbackRow(row[0], row[1], row[2], row[3], bytes(row[4]), _waits(row[5:], now))
                for row in connection.exec_driver_sql(CALLBACKS)
            ],
        )


def _waits(row: Sequence[Any], now: int) -> str:
    due_at, attempts, token = row
    if due_at is None:
        return ""
    held = "" if token is None else ", held"
    return f"due in {(due_at - now) / 1000:.1f} s after {attempts} attempts{held}"


def left(database: Database) -> int:
    """How much is still to be judged or told. Raises StorageUnavailableError."""
    with database.read() as connection:
        return int(str(connection.exec_driver_sql(LEFT).scalar_one()))
