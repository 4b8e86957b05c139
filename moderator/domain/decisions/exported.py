"""A site's history as it is taken from one place to another: what was sent, and what was decided.

A format of another program says less; what it leaves out is as in a row that has just been made.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from moderator.domain.content.fingerprint import digest
from moderator.domain.decisions.moderation import EarlierDecision
from moderator.domain.history.reputation import HostRuling
from moderator.domain.policy import Policy
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider

NOBODY = ""
IMPORT = "import"  # the id of whoever decided about what an export of another program says
TIME = 13  # hex digits of an id that say when it was made, and its version
VARIANT = 16  # the digit of an id that says how to read the others


@dataclass(frozen=True, slots=True)
class SubmissionState:
    """Where a submission stands, as in the columns of its row; times are milliseconds since 1970.

    Its words, its author and what is derived from them are elsewhere.
    """

    sequence: int = 0
    status: str = "queued"
    decided_by: str = ""
    score: float = 0.0
    duplicate_of: str = ""
    content_version: int = 1
    decided_status: str = ""
    decided_version: int = 1
    edited_as: str = ""
    edited_at: int = 0
    blog_decided_as: str = ""
    blog_decided_at: int = 0
    bound_by: str = ""
    heard_status: str = ""
    heard_duplicate_of: str = ""
    heard_sequence: int = 0
    reports: int = 0
    listed_version: int = 0
    listed: int = 0
    let_through_on: int = 0
    doubt: int = 0
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """What a moderator wrote about a submission."""

    id: str
    by: Decider
    words: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A submission, its state and its decisions, the first one first, and what was noted about it.

    `earlier` is what it said before its latest edit.
    """

    submission: Submission
    state: SubmissionState
    decisions: tuple[EarlierDecision, ...] = ()
    earlier: Submission | None = None
    notes: tuple[NoteRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """All that is left of what was erased, so that it stays so."""

    id: str
    site_id: str
    platform_id: str
    received_at: datetime
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class SiteExport:
    """Whose history it is, and what the site had chosen."""

    site_id: str
    exported_at: datetime
    langs: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)


@dataclass(slots=True)
class ImportCounts:
    """What became of a file's records: stored by status, known already, passed over by reason."""

    stored: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    known: int = 0
    without_near: int = 0  # texts that the index of near copies should know and does not

    @property
    def total(self) -> int:
        return self.stored.total() + self.passed.total() + self.known


Kept = SubmissionRecord | Tombstone


def platform_id(record: Kept) -> str:
    """What the blog calls it."""
    return record.platform_id if isinstance(record, Tombstone) else record.submission.platform_id


@dataclass(frozen=True, slots=True)
class ImportState:
    """How far a file was read: the records dealt with, and what became of them.

    `lessons` is how many decisions were queued to be learned at the end.
    """

    position: int = 0
    counts: ImportCounts = field(default_factory=ImportCounts)
    finished_at: datetime | None = None
    lessons: int = 0


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """Records to be stored, no two with one id, with what people's decisions say of hosts.

    `position` is behind it; `counts` are those of the whole import, without what of this batch is
    known or stored.
    """

    records: tuple[Kept, ...]
    rulings: tuple[HostRuling, ...]
    position: int
    counts: ImportCounts


def moved(record: SubmissionRecord, site_id: str) -> SubmissionRecord:
    """The record as another site's: with ids of its own, which are the same every time."""
    submission = record.submission
    if submission.site_id == site_id:
        return record
    id_ = own_id(submission.id, site_id)
    state, earlier = record.state, record.earlier
    return SubmissionRecord(
        replace(submission, id=id_, site_id=site_id),
        replace(
            state,
            duplicate_of=own_id(state.duplicate_of, site_id),
            heard_duplicate_of=own_id(state.heard_duplicate_of, site_id),
        ),
        tuple(_decided(each, id_, site_id) for each in record.decisions),
        None if earlier is None else replace(earlier, id=id_, site_id=site_id),
        tuple(replace(note, id=own_id(note.id, site_id)) for note in record.notes),
    )


def tombstone_moved(tombstone: Tombstone, site_id: str) -> Tombstone:
    """The same of a tombstone."""
    if tombstone.site_id == site_id:
        return tombstone
    return replace(tombstone, id=own_id(tombstone.id, site_id), site_id=site_id)


def _decided(each: EarlierDecision, id_: str, site_id: str) -> EarlierDecision:
    """Without what was found: it names submissions of the other site."""
    recorded = each.recorded
    decision = replace(
        recorded.decision, duplicate_of=own_id(recorded.decision.duplicate_of, site_id)
    )
    decision = replace(
        decision, reasons=tuple(replace(reason, evidence={}) for reason in decision.reasons)
    )
    named = replace(
        recorded,
        id=f"{id_}-{recorded.sequence}",
        submission_id=id_,
        decision=decision,
        act=NOBODY,
    )
    return EarlierDecision(named, ())


def own_id(id_: str, site_id: str) -> str:
    """The id that a site gives what another, or nobody yet, calls `id_`; '' for ''."""
    if not id_:
        return ""
    mixed = digest(f"{site_id} {id_}")
    return f"{id_[:TIME]}{mixed[TIME:VARIANT]}a{mixed[VARIANT + 1 :]}"
