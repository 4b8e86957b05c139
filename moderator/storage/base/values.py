"""Rows of decisions and deliveries as the domain knows them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.decisions.delivery import Delivery, DeliveryState
from moderator.domain.pages.dashboard import Note
from moderator.domain.verdict import Decider, DeciderKind, Decision, RecordedDecision, Verdict
from moderator.storage.base.payload import load_reasons
from moderator.storage.base.times import from_ms

AnyRow = Row[*tuple[Any, ...]]  # a row of whatever a statement selects


def recorded(row: AnyRow) -> RecordedDecision:
    """A row of decisions as the domain knows it."""
    return RecordedDecision(
        id=row.id,
        submission_id=row.submission_id,
        sequence=row.sequence,
        decided_at=from_ms(row.decided_at),
        previous_status=row.previous_status,
        decision=Decision(
            verdict=Verdict(row.verdict),
            decided_by=Decider(DeciderKind(row.decided_by), row.decider_id, row.decider_name),
            reasons=load_reasons(row.reasons),
            score=row.score,
            hold_at=row.hold_at,
            spam_at=row.spam_at,
            policy_version=row.policy_version,
            duplicate_of=row.duplicate_of,
        ),
        content_version=row.content_version,
        act=row.act,
    )


def delivery_of(row: AnyRow, prefix: str = "") -> Delivery:
    """A row of deliveries as the domain knows it; `prefix` stands before its columns' names."""

    def value(name: str) -> Any:  # noqa: ANN401  # each column has a type of its own
        return getattr(row, prefix + name)

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
