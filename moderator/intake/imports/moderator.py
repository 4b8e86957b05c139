"""Our own export: JSON lines, complete, so that it makes the same site again.

The first line says whose it is, the last one how many there were; between them a line per
submission, or per tombstone of one that was erased.
"""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from moderator.domain.decisions.exported import (
    IMPORT,
    NoteRecord,
    SiteExport,
    SubmissionRecord,
    SubmissionState,
    Tombstone,
)
from moderator.domain.decisions.moderation import EarlierDecision
from moderator.domain.errors import MalformedError
from moderator.domain.submission import Submission
from moderator.domain.verdict import (
    QUEUED,
    VERDICT_OF_STATUS,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
    Verdict,
)
from moderator.intake import from_json, to_json
from moderator.intake.imports.files import ExportFile
from moderator.intake.imports.json_stream import lines

NAME = "moderator"
TITLE = "an export of moderator"
CANNOT_SAY: tuple[str, ...] = (
    "Callbacks, campaigns and what link checks remembered are not in an export.",
    "What was taught is learned again from the decisions.",
)
VERSION = 1
WAITED = Reason("imported", "It was not judged yet when it was exported")


class _Head(msgspec.Struct, tag_field="record", tag="site"):
    version: int
    site: SiteExport


class _Line(msgspec.Struct, tag_field="record", tag="submission"):
    submission: Submission
    state: SubmissionState
    decisions: tuple[EarlierDecision, ...] = ()
    earlier: Submission | None = None
    notes: tuple[NoteRecord, ...] = ()


class _Gone(msgspec.Struct, tag_field="record", tag="erased"):
    erased: Tombstone


class _Tail(msgspec.Struct, tag_field="record", tag="end"):
    records: int


Exported = SiteExport | SubmissionRecord | Tombstone
_encoder = msgspec.json.Encoder(enc_hook=to_json, order="deterministic")
_decoder = msgspec.json.Decoder(_Head | _Line | _Gone | _Tail, dec_hook=from_json)


def line(exported: Exported) -> bytes:
    """A record as a line of the file, without its end."""
    match exported:
        case SiteExport():
            return _encoder.encode(_Head(VERSION, exported))
        case SubmissionRecord():
            it = exported
            told = (it.submission, it.state, it.decisions, it.earlier, it.notes)
            return _encoder.encode(_Line(*told))
        case Tombstone():
            return _encoder.encode(_Gone(exported))


def last_line(records: int) -> bytes:
    return _encoder.encode(_Tail(records))


def read(file: ExportFile) -> Iterator[Exported]:
    """Raises MalformedError, which names the line."""
    count, is_whole = 0, False
    for number, each in lines(file):
        found = _decoded(number, each)
        if (number == 1) is not isinstance(found, _Head) or is_whole:
            raise MalformedError("This is no export of moderator, or several in a row")
        if isinstance(found, _Tail):
            if found.records != count:
                raise MalformedError(f"{found.records} records should be here, not {count}")
            is_whole = True
            continue
        count += number > 1
        yield _exported(number, found)
    if not is_whole:
        raise MalformedError("The file ends before it is complete")


def _exported(number: int, found: _Head | _Line | _Gone) -> Exported:
    match found:
        case _Head():
            return _site(found)
        case _Gone():
            return found.erased
        case _Line():
            return _record(number, found)


def _decoded(number: int, each: bytes) -> _Head | _Line | _Gone | _Tail:
    try:
        found: _Head | _Line | _Gone | _Tail = _decoder.decode(each)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        if number == 1:
            raise MalformedError("This is no export of moderator") from error
        raise MalformedError(f"Line {number} is no record of an export: {error}") from error
    return found


def _site(found: _Head) -> SiteExport:
    if found.version != VERSION:
        raise MalformedError(f"Exports of version {found.version} are not known here")
    return found.site


def _record(number: int, found: _Line) -> SubmissionRecord:
    it, state = found.submission, found.state
    sequences = [each.recorded.sequence for each in found.decisions]
    decided = (each.recorded.decided_at for each in found.decisions)
    noted = (note.written_at for note in found.notes)
    times = (it.created_at, it.received_at, *decided, *noted)
    is_sound = (
        all(time.tzinfo is not None for time in times)
        and bool(it.id and it.platform_id)
        and state.status in {*VERDICT_OF_STATUS, QUEUED}
        and sequences == sorted(set(sequences))
        and state.sequence == (sequences[-1] if sequences else 0)
        and all(
            each.recorded.id == f"{it.id}-{each.recorded.sequence}"
            and each.recorded.submission_id == it.id
            for each in found.decisions
        )
    )
    if not is_sound:
        raise MalformedError(f"Line {number} contradicts itself")
    record = SubmissionRecord(it, state, found.decisions, found.earlier, found.notes)
    return _held(record) if state.status == QUEUED else record


def _held(record: SubmissionRecord) -> SubmissionRecord:
    """What waited for its judgement waits for a person: an import asks nobody anything."""
    it, state = record.submission, record.state
    recorded = RecordedDecision(
        id=f"{it.id}-{state.sequence + 1}",
        submission_id=it.id,
        sequence=state.sequence + 1,
        decided_at=it.received_at,
        previous_status=QUEUED,
        decision=Decision(Verdict.HOLD, Decider(DeciderKind.RULE, IMPORT), (WAITED,)),
        content_version=state.content_version,
    )
    held = replace(
        state,
        sequence=recorded.sequence,
        status=Verdict.HOLD.status,
        decided_by=DeciderKind.RULE.value,
        decided_status=Verdict.HOLD.status,
        decided_version=state.content_version,
    )
    return replace(record, state=held, decisions=(*record.decisions, EarlierDecision(recorded, ())))
