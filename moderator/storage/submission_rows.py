"""Locks and reads submissions' rows. Whoever writes about submissions locks their rows first.

The order of locks, which keeps writers from deadlocks: submissions by id, queue rows by id,
campaigns by id. Under the lock a writer compares what it decided by with what is there now.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple  # what a driver returns is typed by nobody

from sqlalchemy import Connection

from moderator.domain.content.facts import Mask
from moderator.domain.content.fingerprint import (
    address_key,
    author_key,
    name_key,
    place_key,
    target_key,
    text_key,
)
from moderator.domain.decisions.decision_write import DecisionWrite
from moderator.domain.events.known import content_digest
from moderator.domain.queue import Acknowledged, StoredSubmission
from moderator.domain.submission import Submission
from moderator.domain.verdict import ERASED
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Parameters
from moderator.storage.base.payload import dump, load_submission

STORED_COLUMNS = (
    "payload, sequence, status, decided_by, text_key, author_key, duplicate_of, content_version,"
    " decided_status, decided_version, heard_status, heard_duplicate_of, heard_sequence,"
    " place_key, address_key, bound_by"
)
SELECT_FOR_LOCK = (
    "SELECT id, site_id, sequence, content_version, status, heard_sequence, duplicate_of"
    " FROM submissions"
    " WHERE id IN {many} ORDER BY id"
)
LOCK_SQLITE = SelectIn(SELECT_FOR_LOCK)
LOCK_POSTGRES = SelectIn(f"{SELECT_FOR_LOCK} FOR UPDATE")


class LockedSubmission(NamedTuple):
    """A submission whose row this transaction has locked."""

    id: str
    site_id: str
    sequence: int
    content_version: int
    status: str
    heard_sequence: int
    duplicate_of: str


def stored_submission(row: Sequence[Any], campaign_id: str = "") -> StoredSubmission:
    """From a row of STORED_COLUMNS, in their order."""
    return StoredSubmission(
        load_submission(str(row[0])),
        int(row[1]),
        status=row[2],
        decided_by=row[3],
        text_key=row[4],
        author_key=row[5],
        duplicate_of=row[6],
        content_version=int(row[7]),
        decided_status=row[8],
        decided_version=int(row[9]),
        acknowledged=Acknowledged(row[10], row[11], int(row[12])),
        place_key=row[13],
        address_key=row[14],
        bound_by=row[15],
        campaign_id=campaign_id,
    )


def content_row(submission: Submission, mask: Mask) -> Parameters:
    """What of a row comes from the words and their author, by the names of the columns."""
    author, linkback = submission.author, submission.linkback
    removed, seen = submission.removed, submission.request
    known = (author.email, author.ip, author.user_agent, seen.referrer, submission.ext)
    return {
        "kind": str(submission.kind),
        "digest": content_digest(submission),
        "payload": dump(submission),
        "text_key": text_key(submission),
        "author_key": mask(author_key(submission.author)),
        "place_key": mask(place_key(submission)),
        "address_key": mask(address_key(submission.author)),
        "name_key": mask(name_key(submission)),
        "target_key": target_key(submission),
        "has_addresses": int(any(known)),
        "has_words": int(not removed.words),
        "has_pages": int(linkback is not None and not removed.pages),
    }


def lock_submissions(connection: Connection, ids: Iterable[str]) -> dict[str, LockedSubmission]:
    """Lock these rows until the transaction ends; return them by id, without erased ones."""
    statement = LOCK_SQLITE if connection.dialect.name == "sqlite" else LOCK_POSTGRES
    rows = (LockedSubmission(*row) for row in statement.run(connection, sorted(set(ids))))
    return {row.id: row for row in rows if row.status != ERASED}


def is_current(write: DecisionWrite, held: LockedSubmission | None) -> bool:
    """Whether nothing happened to the submission since the decision was made."""
    recorded = write.recorded
    return held is not None and (
        held.sequence,
        held.content_version,
        held.heard_sequence,
    ) == (recorded.sequence - 1, recorded.content_version, write.acknowledged.sequence)
