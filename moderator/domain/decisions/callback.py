"""The callback's body: what a site is told about a decision (docs/api.md, "Callback")."""

from datetime import UTC, datetime
from typing import Protocol

import msgspec

from moderator.domain.decisions.decision_write import CallbackEvent
from moderator.domain.queue import Acknowledged, StoredSubmission
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, RecordedDecision, Verdict

TRIAL = "callback.test"
_encoder = msgspec.json.Encoder()


class Platform(Protocol):
    """The software a site runs, whose words we speak."""

    @property
    def name(self) -> str: ...

    def status_native(self, verdict: Verdict) -> str: ...


def event_of(acknowledged: Acknowledged) -> CallbackEvent:
    return CallbackEvent.REVISED if acknowledged.sequence else CallbackEvent.ISSUED


def callback_body(
    site: Site,
    stored: StoredSubmission,
    recorded: RecordedDecision,
    platform: Platform,
    *,
    event: CallbackEvent,
    campaign_id: str = "",
) -> bytes:
    """Return the JSON bytes, to be frozen: every try sends exactly these."""
    decision, submission, acknowledged = recorded.decision, stored.submission, stored.acknowledged
    # Before the blog heard anything the comment has the status that the blog gave it.
    previous = acknowledged.status or submission.status
    return _encoder.encode(
        {
            "type": event,
            "timestamp": rfc3339(recorded.decided_at),
            "data": {
                "verdict_id": recorded.id,
                "submission_id": submission.id,
                "sequence": recorded.sequence,
                "final": decision.verdict is not Verdict.HOLD,
                "site": {"id": site.id},
                "comment": _comment(submission),
                "linkback": _linkback(submission, recorded.decision),
                "ref": submission.ref,
                "status": decision.verdict.status,
                "status_native": platform.status_native(decision.verdict),
                "previous_status": previous,
                "expected_status": previous,
                "decided_by": decision.decided_by,
                "reasons": decision.reasons,
                "score": decision.score,
                "thresholds": {"hold": decision.hold_at, "spam": decision.spam_at},
                "policy_version": decision.policy_version,
                "duplicate_of": _original(recorded),
                "campaign_id": campaign_id or None,
            },
        }
    )


def trial_body(site: Site, now: datetime) -> bytes:
    """What is sent to see whether a blog hears us: about no comment, and nothing is to be done."""
    event = {"type": TRIAL, "timestamp": rfc3339(now), "data": {"site": {"id": site.id}}}
    return _encoder.encode(event)


def _comment(submission: Submission) -> dict[str, str | bool]:
    return {
        "id": submission.platform_id,
        "type": str(submission.kind),
        "exists": not submission.by_door,
    }


def _linkback(submission: Submission, decision: Decision) -> dict[str, str | dict[str, str]] | None:
    """What a comment row at the blog needs."""
    linkback = submission.linkback
    if linkback is None:
        return None
    return {
        "protocol": linkback.protocol,
        "type": linkback.relation or _relation_in(decision),
        "source": linkback.source,
        "target": linkback.target,
        "title": linkback.source_title,
        "excerpt": linkback.excerpt,
        "author": {"name": submission.author.name, "url": submission.author.url},
    }


def _relation_in(decision: Decision) -> str:
    """What the source says the linkback is, where the blog did not say it and we just looked."""
    found = (reason.evidence.get("relation") for reason in decision.reasons)
    return next((str(relation) for relation in found if relation), "mention")


def _original(recorded: RecordedDecision) -> str | None:
    """The original's id at the blog, which is the one the blog knows."""
    for reason in recorded.decision.reasons:
        original = reason.evidence.get("original_platform_id")
        if recorded.decision.duplicate_of and original is not None:
            return str(original)
    return None


def rfc3339(time: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
