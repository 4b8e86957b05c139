"""From a decision to what is written: sequence, previous status, the callback's frozen bytes."""

from datetime import datetime, timedelta

from moderator.domain.callback import QUEUED, Platform, callback_body, event_of
from moderator.domain.campaign import told_campaign
from moderator.domain.finding import Finding
from moderator.domain.outcome import CallbackEvent, Outcome
from moderator.domain.site import Site
from moderator.domain.verdict import (
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
    Verdict,
)
from moderator.domain.work import Standing

# Who shows us another page than everybody else is met again soon, under another name.
SECOND_LOOK = timedelta(minutes=10)
KEEPER = Decider(DeciderKind.RULE, "parked", "the service")


def conclude(  # noqa: PLR0913  # one step, all of it is written together
    site: Site,
    standing: Standing,
    decision: Decision,
    *,
    findings: tuple[Finding, ...] = (),
    platform: Platform,
    now: datetime,
    deliver_at: datetime | None = None,
    event: CallbackEvent | None = None,
) -> Outcome:
    """Return what to write. `deliver_at` is when the callback may leave (default: at once)."""
    sequence = standing.sequence + 1
    submission = standing.submission
    recorded = RecordedDecision(
        id=f"{submission.id}-{sequence}",
        submission_id=submission.id,
        sequence=sequence,
        decided_at=now,
        previous_status=standing.status,
        decision=decision,
    )
    event = event or event_of(recorded)
    campaign_id = told_campaign(findings) or standing.campaign_id
    body = (
        callback_body(site, submission, recorded, platform, event=event, campaign_id=campaign_id)
        if site.callback_url
        else None
    )
    shows = submission.linkback is not None and decision.verdict is Verdict.APPROVE
    look_at = now + SECOND_LOOK if shows else None
    return Outcome(site.id, recorded, findings, event, body, deliver_at or now, look_at)


def changes(standing: Standing, decision: Decision) -> bool:
    """Whether an automatic decision is worth writing: a person's word stands, so does an equal."""
    if standing.status == QUEUED:
        return True
    if DeciderKind(standing.decided_by or "rule").is_person:
        return False
    said = (decision.verdict.status, decision.duplicate_of)
    return said != (standing.status, standing.duplicate_of)


def parked(attempts: int) -> Decision:
    """The verdict on what we could not judge: a person looks at it."""
    reason = Reason(
        "parked", f"The checks failed {attempts} times on this one; a person must look at it"
    )
    return Decision(Verdict.HOLD, KEEPER, (reason,))
