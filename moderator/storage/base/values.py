"""Rows of decisions and deliveries as the domain knows them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row

from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.decisions.delivery import Delivery, DeliveryState
from moderator.domain.pages.dashboard import Note
from moderator.domain.verdict import Decider, DeciderKind, Decision, RecordedDecision, Verdict
from moderator.storage.base.payload import load_reasons
from moderator.storage.base.times import from_ms

AnyRow = Row[*tuple[Any, ...]]  # a row of whatever a statement selects


def recorded(row: AnyRow, prefix: str = "") -> RecordedDecision:
    """A row of decisions as the domain knows it; `prefix` stands before its columns' names."""
    value = _values(row, prefix)
    return RecordedDecision(
        id=value("id"),
        submission_id=value("submission_id"),
        sequence=value("sequence"),
        decided_at=from_ms(value("decided_at")),
        previous_status=value("previous_status"),
        decision=Decision(
            verdict=Verdict(value("verdict")),
            decided_by=Decider(
                DeciderKind(value("decided_by")), value("decider_id"), value("decider_name")
            ),
            reasons=load_reasons(value("reasons")),
            score=value("score"),
            hold_at=value("hold_at"),
            spam_at=value("spam_at"),
            policy_version=value("policy_version"),
            duplicate_of=value("duplicate_of"),
        ),
        content_version=value("content_version"),
        act=value("act"),
    )


def _values(row: AnyRow, prefix: str) -> Callable[[str], Any]:
    return lambda name: getattr(row, prefix + name)


def delivery_of(row: AnyRow, prefix: str = "") -> Delivery:
    """A row of deliveries as the domain knows it; `prefix` stands before its columns' names."""
    value = _values(row, prefix)
    finished_at = value("finished_at")
    return Delivery(
        id=value("id"),
        decision_id=value("decision_id"),
        event=value("event"),
        state=DeliveryState(value("state")),
        tries=value("tries"),
        last_status=value("last_status"),
        last_error=value("last_error"),
        created_at=from_ms(value("created_at")),
        finished_at=None if finished_at is None else from_ms(finished_at),
    )


def note_of(row: AnyRow) -> Note:
    """A row of notes as the domain knows it."""
    return Note(
        id=row.id,
        submission_id=row.submission_id,
        by=Decider(DeciderKind.MODERATOR, row.moderator_id, row.moderator_name),
        words=row.words,
        written_at=from_ms(row.written_at),
    )


def advance_ruling(row: Sequence[object]) -> AdvanceRuling:
    """A row of advance_rulings, in the order of its columns, as the domain knows it."""
    revoked_at = row[9]
    return AdvanceRuling(
        id=str(row[0]),
        campaign_id=str(row[1]),
        site_id=str(row[2]),
        verdict=Verdict(str(row[3])),
        by=Decider(DeciderKind.MODERATOR, str(row[4]), str(row[5])),
        act=str(row[6]),
        made_at=from_ms(int(str(row[7]))),
        ends_at=from_ms(int(str(row[8]))),
        revoked_at=None if revoked_at is None else from_ms(int(str(revoked_at))),
        revoked_by=str(row[10]),
    )
