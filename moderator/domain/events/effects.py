"""What each event of a blog does to what is known: one table, and one function that reads it.

The cells' words are those of docs/events.md. Whatever comes, and in whatever order, is understood:
what is older than what we have is passed over, and what was erased stays erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from moderator.domain.decisions.conclude import REFUSALS, REVERIFY_AFTER
from moderator.domain.decisions.decision_write import CallbackEvent, DecisionWrite
from moderator.domain.errors import NotFoundError
from moderator.domain.events.arrival import Arrival, Event, Receipt
from moderator.domain.events.known import EventTime, KnownComment, State, content_digest, state_of
from moderator.domain.submission import Submission
from moderator.domain.verdict import (
    ERASED,
    QUEUED,
    VERDICT_OF_STATUS,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
    Verdict,
)


class EventRule(StrEnum):
    """What a cell of the table says, in the words of the docs."""

    STORE = "stored as version 1 and queued"
    STORE_REPORTED = "with content: as created, with one report; without: 404"
    STORE_DECIDED = "with content: stored, decided by the blog; without: 404"
    KNOWN = "known: 200, nothing written"
    REVISE = "version + 1, judged anew"
    REVISE_APPROVED = (
        "version + 1, judged anew: may become hold or spam,"
        " and says “edited after a person approved it”"
    )
    REVISE_HELD = "version + 1, judged anew: hold at most, and says “edited after a person held it”"
    REVISE_REFUSED = (
        "version + 1, judged anew: hold at most, and says “edited after a person refused it”"
    )
    STORE_TOMBSTONE = "a tombstone, so that a late `created` stays away"
    ERASE = "a tombstone; all that came of it goes, and its copies are judged again"
    COUNT = "counted"
    COUNT_ONLY = "counted and shown, changes nothing"
    LIST = (
        "counted; from the site's number on, what is approved is listed before a person,"
        " once per version, and stays approved"
    )
    DECIDE_QUEUED = "the blog's decision, sequence + 1; the judgement that waits is dropped"
    DECIDE = (
        "the blog's decision, sequence + 1; a lesson; looks at an approved linkback's source"
        " are kept or begun, at a refused one's ended"
    )
    DECIDE_OR_AGREE = (
        "the blog's decision, sequence + 1; an equal one is recorded as agreement,"
        " and the lesson that waits stays"
    )
    STAY = "200 `erased`, nothing written"


_KNOWN = (State.QUEUED, State.RULED, State.APPROVED, State.HELD, State.REFUSED)

TABLE: Mapping[Event, Mapping[State, EventRule]] = {
    Event.CREATED: {
        State.UNKNOWN: EventRule.STORE,
        **dict.fromkeys(_KNOWN, EventRule.KNOWN),
        State.ERASED: EventRule.STAY,
    },
    Event.UPDATED: {
        State.UNKNOWN: EventRule.STORE,
        State.QUEUED: EventRule.REVISE,
        State.RULED: EventRule.REVISE,
        State.APPROVED: EventRule.REVISE_APPROVED,
        State.HELD: EventRule.REVISE_HELD,
        State.REFUSED: EventRule.REVISE_REFUSED,
        State.ERASED: EventRule.STAY,
    },
    Event.DELETED: {
        State.UNKNOWN: EventRule.STORE_TOMBSTONE,
        **dict.fromkeys(_KNOWN, EventRule.ERASE),
        State.ERASED: EventRule.STAY,
    },
    Event.REPORTED: {
        State.UNKNOWN: EventRule.STORE_REPORTED,
        State.QUEUED: EventRule.COUNT,
        State.RULED: EventRule.LIST,
        State.APPROVED: EventRule.LIST,
        State.HELD: EventRule.COUNT_ONLY,
        State.REFUSED: EventRule.COUNT_ONLY,
        State.ERASED: EventRule.STAY,
    },
    Event.STATUS_CHANGED: {
        State.UNKNOWN: EventRule.STORE_DECIDED,
        State.QUEUED: EventRule.DECIDE_QUEUED,
        State.RULED: EventRule.DECIDE,
        State.APPROVED: EventRule.DECIDE_OR_AGREE,
        State.HELD: EventRule.DECIDE_OR_AGREE,
        State.REFUSED: EventRule.DECIDE_OR_AGREE,
        State.ERASED: EventRule.STAY,
    },
}


@dataclass(frozen=True, slots=True)
class NoEffect:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class StoreNew:
    """A new submission: queued, or decided by the blog already (`decision_write`)."""

    submission: Submission
    content: str
    edited: EventTime
    reports: int = 0
    decision_write: DecisionWrite | None = None


@dataclass(frozen=True, slots=True)
class Revise:
    """A new version of what the author wrote, to be judged anew."""

    submission: Submission
    content: str
    edited: EventTime


@dataclass(frozen=True, slots=True)
class NoteEdit:
    """An edit that changed nothing: only remember that it was seen."""

    edited: EventTime


@dataclass(frozen=True, slots=True)
class StoreTombstone:
    """A tombstone for what we never saw."""

    submission: Submission


@dataclass(frozen=True, slots=True)
class Erase:
    """Turn it into a tombstone; take back what came of it."""


@dataclass(frozen=True, slots=True)
class CountReport:
    """One report more; `lists` puts it before a person, once it is approved."""

    lists: bool


@dataclass(frozen=True, slots=True)
class Decide:
    """Record what a person decided at the blog."""

    decision_write: DecisionWrite
    decided: EventTime


@dataclass(frozen=True, slots=True)
class ReverifySource:
    """A repeated claim of a linkback: reverify its source."""


Effect = (
    NoEffect
    | StoreNew
    | Revise
    | NoteEdit
    | StoreTombstone
    | Erase
    | CountReport
    | Decide
    | ReverifySource
)


@dataclass(frozen=True, slots=True)
class Response:
    """What is to be written, and what is answered."""

    effect: Effect
    answer: Receipt | NotFoundError


def respond(arrival: Arrival, known: KnownComment | None, *, report_at: int) -> Response:
    """What `arrival` does to what is `known`; `report_at` reports list an approved comment."""
    rule = TABLE[arrival.event][state_of(known)]
    if known is None:
        return _of_unknown(rule, arrival)
    if rule is EventRule.STAY:
        return Response(NoEffect(), Receipt(known.id, is_new=False, status=ERASED))
    effect = _effect(arrival, known, report_at)
    is_new = not isinstance(effect, NoEffect | NoteEdit | ReverifySource)
    status = ERASED if isinstance(effect, Erase) else QUEUED
    return Response(effect, Receipt(known.id, is_new=is_new, status=status))


def _of_unknown(rule: EventRule, arrival: Arrival) -> Response:
    submission = arrival.submission
    if rule is EventRule.STORE_TOMBSTONE:
        receipt = Receipt(submission.id, is_new=True, status=ERASED)
        return Response(StoreTombstone(submission), receipt)
    if not arrival.has_content:
        return Response(NoEffect(), NotFoundError("There is no such comment here"))
    content = content_digest(submission)
    stored = StoreNew(
        submission, content, _mark(arrival), reports=int(rule is EventRule.STORE_REPORTED)
    )
    if rule is EventRule.STORE_DECIDED:
        fresh = KnownComment(submission.id, QUEUED, is_linkback=submission.linkback is not None)
        stored = replace(stored, decision_write=_blog_outcome(arrival, fresh))
    return Response(stored, Receipt(submission.id, is_new=True))


def _effect(arrival: Arrival, known: KnownComment, report_at: int) -> Effect:
    match arrival.event:
        case Event.CREATED:
            return ReverifySource() if arrival.rechecks else NoEffect()
        case Event.UPDATED:
            return _updated(arrival, known)
        case Event.DELETED:
            return Erase()
        case Event.REPORTED:
            return _reported(known, report_at)
        case Event.STATUS_CHANGED:
            return _status_changed(arrival, known)


def _updated(arrival: Arrival, known: KnownComment) -> Effect:
    mark = _mark(arrival)
    if known.edited is not None and mark.is_before(known.edited):
        return NoEffect()
    content = content_digest(arrival.submission)
    if content == known.content:
        return NoteEdit(mark)
    return Revise(replace(arrival.submission, id=known.id), content, mark)


def _reported(known: KnownComment, report_at: int) -> Effect:
    may_be_shown = known.status in ("approved", QUEUED)
    is_fresh = known.listed_version < known.content_version
    return CountReport(lists=may_be_shown and is_fresh and known.reports + 1 >= report_at)


def _status_changed(arrival: Arrival, known: KnownComment) -> Effect:
    mark = _mark(arrival)
    if known.decided is not None and mark.is_before(known.decided):
        return NoEffect()
    return Decide(_blog_outcome(arrival, known), mark)


def _mark(arrival: Arrival) -> EventTime:
    return EventTime(arrival.submission.version, arrival.happened_at)


def _blog_outcome(arrival: Arrival, known: KnownComment) -> DecisionWrite:
    """What a person decided at the blog; the blog knows it, so nothing is called back."""
    said, sequence = arrival.submission, known.sequence + 1
    verdict = VERDICT_OF_STATUS[said.status]
    is_equal = known.status == verdict.status
    agrees = is_equal and known.state is not State.RULED
    text = f"A person at the blog {'agreed' if agrees else 'decided'}: {verdict}"
    recorded = RecordedDecision(
        id=f"{known.id}-{sequence}",
        submission_id=known.id,
        sequence=sequence,
        decided_at=said.received_at,
        previous_status=known.status,
        decision=Decision(
            verdict,
            Decider(DeciderKind.BLOG, said.author.id, "the blog"),
            (Reason("blog_agrees" if agrees else "blog", text),),
            duplicate_of=known.duplicate_of if is_equal else "",
        ),
        content_version=known.content_version,
    )
    shows = known.is_linkback and verdict is Verdict.APPROVE
    return DecisionWrite(
        said.site_id,
        recorded,
        (),
        CallbackEvent.REVISED,
        None,
        said.received_at,
        reverify_at=said.received_at + REVERIFY_AFTER if shows else None,
        ends_reverification=known.is_linkback and verdict in REFUSALS,
        teaches=not agrees,
        is_acknowledged=True,
    )
