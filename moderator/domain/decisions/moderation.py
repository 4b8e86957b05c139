"""What a moderator may decide about what stands, and what taking a decision back restores.

In this order:
1. what is being judged is decided by nobody;
2. the same verdict by the same person again is no new decision;
3. who saw another decision, or another text, than stands now is told so;
4. only a moderator's latest decision can be taken back; taken back twice it is taken back once;
5. who decides about a campaign decides about what is held of it, and was there when they looked.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from moderator.domain.errors import ConflictError
from moderator.domain.finding import Finding
from moderator.domain.queue import StoredSubmission
from moderator.domain.verdict import (
    QUEUED,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
    Verdict,
)

WORDS = {
    Verdict.APPROVE: "approved",
    Verdict.HOLD: "held",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "discarded",
}

TAKEN_BACK = "taken_back"
EDITED = "Its author edited it meanwhile: you saw another text"


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """Which decision and which text the moderator had before them."""

    sequence: int
    content_version: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody looked at when they decided about a campaign.

    `newest` is when its newest held member came, and its id; None for whatever is held now.
    `at` is when, None where nobody knows. `without` are members that were taken out.
    """

    newest: tuple[datetime, str] | None = None
    at: datetime | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one of several was not decided about; `latest` is what stands, None for nothing yet."""

    submission_id: str
    words: str
    latest: RecordedDecision | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What became of several that were decided about at once: `act` takes it back."""

    act: str
    decided: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """An earlier decision, with what was found for it."""

    recorded: RecordedDecision
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ModeratedSubmission:
    """A submission to be decided about; `earlier` holds its decisions, the latest first.

    `is_listed`: reports ask for a person's word, so that also an equal one is new.
    """

    stored: StoredSubmission
    earlier: tuple[EarlierDecision, ...]
    is_listed: bool = False

    @property
    def latest(self) -> RecordedDecision | None:
        return self.earlier[0].recorded if self.earlier else None


def decide(
    subject: ModeratedSubmission, verdict: Verdict, moderator: Decider, seen: SeenVersion
) -> Decision | None:
    """A moderator's decision, None when they decided so before. Raises ConflictError."""
    _must_be_judged(subject)
    latest = subject.latest
    is_same = latest is not None and _is_same(latest, verdict, moderator, subject.stored)
    if is_same and not subject.is_listed:
        return None
    _must_be_seen(subject, seen)
    return _word(verdict, moderator)


def decide_member(
    subject: ModeratedSubmission, verdict: Verdict, moderator: Decider, shown: Shown
) -> Decision:
    """A moderator's decision about one member of a campaign. Raises ConflictError."""
    _must_be_judged(subject)
    latest = subject.latest
    if latest is not None and subject.stored.status != Verdict.HOLD.status:
        raise ConflictError(_meanwhile(latest))
    is_edited = subject.stored.content_version > 1
    if is_edited and latest is not None and shown.at is not None and latest.decided_at > shown.at:
        raise ConflictError(f"{EDITED}. It stands at {_what(latest)}")
    return _word(verdict, moderator)


def _word(verdict: Verdict, moderator: Decider) -> Decision:
    return Decision(
        verdict, moderator, (Reason("moderator", f"{moderator.name} decided: {verdict}"),)
    )


def take_back(
    subject: ModeratedSubmission, moderator: Decider, seen: SeenVersion
) -> EarlierDecision | None:
    """The decision before the latest, as one of its own; None when somebody took it back before.

    Raises ConflictError.
    """
    _must_be_judged(subject)
    if _is_taken_back(subject, seen):
        return None
    _must_be_seen(subject, seen)
    latest = subject.latest
    if latest is None or latest.decision.decided_by.kind is not DeciderKind.MODERATOR:
        raise ConflictError("Only a moderator's latest decision can be taken back")
    if (
        len(subject.earlier) == 1
        or subject.earlier[1].recorded.content_version != subject.stored.content_version
    ):
        raise ConflictError("There is no earlier decision about this text to go back to")
    before, theirs = subject.earlier[1], latest.decision
    whose = "their" if theirs.decided_by.id == moderator.id else f"{theirs.decided_by.name}'s"
    words = f"{moderator.name} took back {whose} decision: {theirs.verdict}"
    reason = Reason(TAKEN_BACK, words, evidence={"sequence": latest.sequence})
    restored = before.recorded.decision
    decision = replace(restored, reasons=(*restored.reasons, reason))
    return replace(before, recorded=replace(before.recorded, decision=decision))


def _is_taken_back(subject: ModeratedSubmission, seen: SeenVersion) -> bool:
    """Whether what was seen was taken back, and nothing happened since."""
    latest = subject.latest
    if latest is None or latest.sequence != seen.sequence + 1:
        return False
    reasons = (reason for reason in latest.decision.reasons if reason.code == TAKEN_BACK)
    return any(reason.evidence.get("sequence") == seen.sequence for reason in reasons)


def _is_same(
    latest: RecordedDecision, verdict: Verdict, moderator: Decider, stored: StoredSubmission
) -> bool:
    by = latest.decision.decided_by
    is_same_hand = (by.kind, by.id) == (moderator.kind, moderator.id)
    is_same_text = latest.content_version == stored.content_version
    return is_same_hand and is_same_text and latest.decision.verdict is verdict


def _must_be_judged(subject: ModeratedSubmission) -> None:
    if subject.stored.status == QUEUED:
        raise ConflictError("It is being judged; look again in a moment")


def _must_be_seen(subject: ModeratedSubmission, seen: SeenVersion) -> None:
    stored, latest = subject.stored, subject.latest
    if stored.sequence != seen.sequence and latest is not None:
        raise ConflictError(_meanwhile(latest))
    if stored.content_version != seen.content_version:
        stands = "" if latest is None else f". It stands at {_what(latest)}"
        raise ConflictError(f"{EDITED}{stands}")


def _meanwhile(latest: RecordedDecision) -> str:
    return f"{_who(latest.decision.decided_by)} decided meanwhile: {_what(latest)}"


def _who(decider: Decider) -> str:
    match decider.kind:
        case DeciderKind.MODERATOR:
            return decider.name
        case DeciderKind.BLOG:
            return "A person at the blog"
        case _:
            return "The service"


def _what(latest: RecordedDecision) -> str:
    return f"{WORDS[latest.decision.verdict]}, {_when(latest.decided_at)}"


def _when(time: datetime) -> str:
    return time.strftime("%-d %b %Y, %H:%M:%S UTC")
