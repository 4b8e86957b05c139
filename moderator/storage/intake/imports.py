"""Stores a site's history as it comes from a file: decided already, and told to nobody.

How far the file was read stands in the transaction of the rows.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import Connection

from moderator.domain.content.facts import Mask
from moderator.domain.decisions.decision_write import CallbackEvent, DecisionWrite
from moderator.domain.decisions.exported import (
    ImportBatch,
    ImportCounts,
    ImportState,
    Kept,
    SubmissionRecord,
    SubmissionState,
    Tombstone,
    platform_id,
)
from moderator.domain.errors import ConflictError
from moderator.domain.verdict import ERASED
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database, Parameters, Statement, again_after_deadlock
from moderator.storage.base.payload import dump
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.counts import AUTHORS
from moderator.storage.decisions.write import INSERT_DECISIONS, decision_row
from moderator.storage.intake.effects import BURY, CONTENT, ENQUEUE
from moderator.storage.learning.host_rulings import record_rulings
from moderator.storage.search import keep_words
from moderator.storage.submission_rows import content_row

COLUMNS = (
    "sequence status decided_by score duplicate_of content_version decided_status decided_version"
    " blog_decided_as blog_decided_at bound_by heard_status heard_duplicate_of heard_sequence"
    " reports listed_version listed let_through_on doubt earlier feedback decided_at"
)
STATE = tuple(field.name for field in fields(SubmissionState))
INSERT = InsertRows(
    "submissions",
    f"id site_id platform_id created_at received_at {CONTENT} {COLUMNS}",
    ending="ON CONFLICT DO NOTHING",
)
INSERT_NOTES = InsertRows(
    "notes",
    "id site_id submission_id moderator_id moderator_name words written_at",
    ending="ON CONFLICT DO NOTHING",
)
KNOWN = SelectIn(
    "SELECT s.platform_id FROM (VALUES {rows}) AS k"
    " JOIN submissions s ON s.site_id = k.column1 AND s.platform_id = k.column2"
)
BEGIN = Statement(
    "INSERT INTO imports (site_id, digest, format, started_at)"
    " VALUES (:site_id, :digest, :format, :now) ON CONFLICT DO NOTHING"
)
READ = Statement(
    "SELECT position, counts, finished_at FROM imports"
    " WHERE site_id = :site_id AND digest = :digest"
)
GO_ON = Statement(
    "UPDATE imports SET position = :position, counts = :counts"
    " WHERE site_id = :site_id AND digest = :digest"
)
FINISH = Statement(
    "UPDATE imports SET finished_at = :now WHERE site_id = :site_id AND digest = :digest"
)
# By the time of the comment, which an index has; of these, in the order of the decisions.
LATEST = Statement(
    "SELECT s.id, d.decided_at FROM submissions s JOIN decisions d"
    " ON d.submission_id = s.id AND d.sequence = s.sequence"
    " WHERE s.site_id = :site_id AND s.status = :status AND s.decided_by IN ('moderator', 'blog')"
    " ORDER BY s.received_at DESC LIMIT :most"
)
TURNS = 3  # of a batch one of which was sent by the blog at the same moment


class _TakenError(Exception):
    """One of a batch was stored by somebody else; never leaves this module."""


class ImportRows:
    """Honours usecases/operate/import_history.py ImportStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, site_id: str, digest: str) -> ImportState:
        with self._database.read() as connection:
            row = READ.run(connection, {"site_id": site_id, "digest": digest}).one_or_none()
        if row is None:
            return ImportState()
        finished = None if row[2] is None else from_ms(int(str(row[2])))
        return ImportState(int(str(row[0])), _counts(str(row[1])), finished)

    def begin(self, site_id: str, digest: str, format_name: str) -> None:
        named: Parameters = {"site_id": site_id, "digest": digest, "format": format_name}
        with self._database.write() as connection:
            BEGIN.run(connection, named | {"now": to_ms(self._database.now())})

    def known(self, site_id: str, records: Iterable[Kept]) -> set[str]:
        with self._database.read() as connection:
            return _known(connection, site_id, [platform_id(each) for each in records])

    def add(self, site_id: str, digest: str, batch: ImportBatch) -> ImportCounts:
        """Raises ConflictError when ids of the file belong to another site here."""
        for _ in range(TURNS):
            try:
                return self._add(site_id, digest, batch)
            except _TakenError:
                continue  # rolled back; it is known now
        raise ConflictError("Another site here has submissions with the ids of this file")

    @again_after_deadlock
    def _add(self, site_id: str, digest: str, batch: ImportBatch) -> ImportCounts:
        rows = {platform_id(each): each for each in batch.records}
        mask = self._database.mask
        made = {
            key: _row(each, mask)
            for key, each in rows.items()
            if isinstance(each, SubmissionRecord)
        }
        with self._database.write() as connection:
            known = _known(connection, site_id, list(rows))
            new = {key: each for key, each in rows.items() if key not in known}
            counts = _counted(batch, new.values())
            self._store(connection, new, made, batch)
            GO_ON.run(
                connection,
                {
                    "site_id": site_id,
                    "digest": digest,
                    "position": batch.position,
                    "counts": dump(counts),
                },
            )
        return counts

    def _store(
        self,
        connection: Connection,
        new: dict[str, Kept],
        made: dict[str, Parameters],
        batch: ImportBatch,
    ) -> None:
        records = [each for each in new.values() if isinstance(each, SubmissionRecord)]
        ids = [each.submission.id for each in records]
        with AUTHORS.keeping(connection, ids, counted=()):
            rows = [made[each.submission.platform_id] for each in records]
            if INSERT.run(connection, rows) != len(rows):
                raise _TakenError
        INSERT_DECISIONS.run(connection, [row for each in records for row in _decisions(each)])
        INSERT_NOTES.run(connection, [row for each in records for row in _notes(each)])
        BURY.run(
            connection, [_buried(each) for each in new.values() if isinstance(each, Tombstone)]
        )
        stored = {each.submission.id: each.submission.site_id for each in records}
        rulings = [(stored[r.submission_id], r) for r in batch.rulings if r.submission_id in stored]
        record_rulings(connection, rulings, to_ms(self._database.now()))
        held = [each.submission.id for each in records if _waits(each)]
        keep_words(connection, held, known=())

    @again_after_deadlock
    def finish(self, site_id: str, digest: str, lessons: int) -> int:
        now = to_ms(self._database.now())
        with self._database.write() as connection:
            spam = self._latest(connection, site_id, "spam", lessons // 2)
            ham = self._latest(connection, site_id, "approved", lessons - len(spam))
            found = sorted([*spam, *ham], key=lambda row: (row[1], row[0]))
            ENQUEUE.run(
                connection,
                [
                    {"job": "learn", "id": id_, "site_id": site_id, "due_at": now + place}
                    for place, (id_, _) in enumerate(found)
                ],
            )
            FINISH.run(connection, {"site_id": site_id, "digest": digest, "now": now})
        return len(found)

    def _latest(
        self, connection: Connection, site_id: str, status: str, most: int
    ) -> list[tuple[str, int]]:
        wanted: Parameters = {"site_id": site_id, "status": status, "most": most}
        return [(str(row[0]), int(str(row[1]))) for row in LATEST.run(connection, wanted)]


def _counts(kept: str) -> ImportCounts:
    found = json.loads(kept)
    return ImportCounts(
        Counter(found.get("stored", {})),
        Counter(found.get("passed", {})),
        found.get("known", 0),
        found.get("without_near", 0),
    )


def _known(connection: Connection, site_id: str, ids: list[str]) -> set[str]:
    return {row[0] for row in KNOWN.run(connection, [(site_id, id_) for id_ in ids])}


def _waits(record: SubmissionRecord) -> bool:
    return record.state.status == "hold" or bool(record.state.listed)


def _counted(batch: ImportBatch, new: Iterable[Kept]) -> ImportCounts:
    before = batch.counts
    found = [ERASED if isinstance(each, Tombstone) else each.state.status for each in new]
    return ImportCounts(
        before.stored + Counter(found),
        before.passed,
        before.known + len(batch.records) - len(found),
        before.without_near,
    )


def _row(record: SubmissionRecord, mask: Mask) -> Parameters:
    it = record.submission
    decided = (each.recorded.decided_at for each in record.decisions)
    return content_row(it, mask) | {
        "id": it.id,
        "site_id": it.site_id,
        "platform_id": it.platform_id,
        "created_at": to_ms(it.created_at),
        "received_at": to_ms(it.received_at),
        **{name: getattr(record.state, name) for name in STATE},
        "decided_at": to_ms(max(decided, default=it.received_at)),
        "earlier": "" if record.earlier is None else dump(record.earlier),
    }


def _notes(record: SubmissionRecord) -> list[Parameters]:
    it = record.submission
    return [
        {
            "id": note.id,
            "site_id": it.site_id,
            "submission_id": it.id,
            "moderator_id": note.by.id,
            "moderator_name": note.by.name,
            "words": note.words,
            "written_at": to_ms(note.written_at),
        }
        for note in record.notes
    ]


def _buried(tombstone: Tombstone) -> Parameters:
    return {
        "id": tombstone.id,
        "site_id": tombstone.site_id,
        "platform_id": tombstone.platform_id,
        "received_at": to_ms(tombstone.received_at),
        "status": ERASED,
        "erased_at": to_ms(tombstone.erased_at),
    }


def _decisions(record: SubmissionRecord) -> list[Parameters]:
    """The rows of the decisions; nothing follows from them any more."""
    return [
        decision_row(
            DecisionWrite(
                record.submission.site_id,
                each.recorded,
                each.findings,
                CallbackEvent.ISSUED,
                None,
                each.recorded.decided_at,
            )
        )
        for each in record.decisions
    ]
