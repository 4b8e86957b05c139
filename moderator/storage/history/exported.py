"""What a site was sent and what was decided, read in the order of arrival, to be taken elsewhere.

Every column of a submission is either made of its words or part of its state, so that nothing is
left behind; a test holds it against the table.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection, select

from moderator.domain.decisions.exported import (
    Kept,
    NoteRecord,
    SubmissionRecord,
    SubmissionState,
    Tombstone,
)
from moderator.domain.decisions.moderation import EarlierDecision
from moderator.domain.verdict import ERASED, Decider, DeciderKind
from moderator.storage.base.bulk_sql import SelectIn
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


NOTES = SelectIn(
    "SELECT submission_id, id, moderator_id, moderator_name, words, written_at FROM notes"
    " WHERE submission_id IN {many} ORDER BY written_at, id"
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
                ids = [str(row[0]) for row in rows]
                past, noted = _decisions(connection, ids), _notes(connection, ids)
            for row, id_ in zip(rows, ids, strict=True):
                yield _record(row, site_id, tuple(past[id_]), tuple(noted[id_]))
            if len(rows) < PAGE:
                return
            place["after"] = str(rows[-1][0])


def _decisions(connection: Connection, ids: list[str]) -> dict[str, list[EarlierDecision]]:
    found: dict[str, list[EarlierDecision]] = defaultdict(list)
    wanted = select(decisions).where(decisions.c.submission_id.in_(ids))
    for row in connection.execute(wanted.order_by(decisions.c.submission_id, decisions.c.sequence)):
        found[row.submission_id].append(EarlierDecision(recorded(row), load_findings(row.findings)))
    return found


def _notes(connection: Connection, ids: list[str]) -> dict[str, list[NoteRecord]]:
    found: dict[str, list[NoteRecord]] = defaultdict(list)
    for about, id_, by, name, words, at in NOTES.run(connection, ids):
        writer = Decider(DeciderKind.MODERATOR, by, name)
        found[about].append(NoteRecord(id_, writer, words, from_ms(at)))
    return found


def _record(
    row: Sequence[Any],
    site_id: str,
    past: tuple[EarlierDecision, ...],
    noted: tuple[NoteRecord, ...],
) -> Kept:
    id_, platform_id, received_at, erased_at, payload, earlier, *state = row
    found = SubmissionState(*state)
    if found.status == ERASED:
        return Tombstone(
            id_, site_id, platform_id, from_ms(received_at), from_ms(erased_at or received_at)
        )
    return SubmissionRecord(
        load_submission(payload),
        found,
        past,
        load_submission(earlier) if earlier else None,
        noted,
    )
