"""What a site was sent and what was decided, read in the order of arrival, to be taken elsewhere.

Every column of a submission is either made of its words or part of its state, so that nothing is
left behind; a test holds it against the table.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection, select

from moderator.domain.decisions.exported import Kept, SubmissionRecord, SubmissionState, Tombstone
from moderator.domain.decisions.moderation import EarlierDecision
from moderator.domain.verdict import ERASED
from moderator.storage.base.database import Database, Parameters, Statement
from moderator.storage.base.payload import load_findings, load_submission
from moderator.storage.base.times import from_ms
from moderator.storage.base.values import recorded
from moderator.storage.schema.tables import decisions

PAGE = 250  # submissions that are read at once
STATE = tuple(field.name for field in fields(SubmissionState))
ROWS = Statement(
    f"SELECT id, platform_id, received_at, erased_at, payload, earlier, {', '.join(STATE)}"  # noqa: S608  # our own words
    " FROM submissions WHERE site_id = :site_id AND id > :after ORDER BY id LIMIT :limit"
)


class ExportRows:
    """Honours usecases/operate/export_history.py HistoryStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def records(self, site_id: str) -> Iterator[Kept]:
        """Page by page: what comes while it is read may be in it or not."""
        place: Parameters = {"site_id": site_id, "after": "", "limit": PAGE}
        while True:
            with self._database.read() as connection:
                rows = ROWS.run(connection, place).all()
                past = _decisions(connection, [str(row[0]) for row in rows])
            for row in rows:
                yield _record(row, site_id, past[str(row[0])])
            if len(rows) < PAGE:
                return
            place["after"] = str(rows[-1][0])


def _decisions(connection: Connection, ids: list[str]) -> dict[str, list[EarlierDecision]]:
    found: dict[str, list[EarlierDecision]] = defaultdict(list)
    wanted = select(decisions).where(decisions.c.submission_id.in_(ids))
    for row in connection.execute(wanted.order_by(decisions.c.submission_id, decisions.c.sequence)):
        found[row.submission_id].append(EarlierDecision(recorded(row), load_findings(row.findings)))
    return found


def _record(row: Sequence[Any], site_id: str, past: list[EarlierDecision]) -> Kept:
    id_, platform_id, received_at, erased_at, payload, earlier, *state = row
    found = SubmissionState(*state)
    if found.status == ERASED:
        return Tombstone(
            id_, site_id, platform_id, from_ms(received_at), from_ms(erased_at or received_at)
        )
    return SubmissionRecord(
        load_submission(payload),
        found,
        tuple(past),
        load_submission(earlier) if earlier else None,
    )
