"""From a decision to what is written: sequence, previous status, the callback's frozen bytes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from moderator.domain.answering.replies import is_asked, later_answer
from moderator.domain.decisions.advance import KIND as AHEAD
from moderator.domain.decisions.callback import Platform, callback_body, event_of
from moderator.domain.decisions.decision_write import CallbackEvent, DecisionWrite
from moderator.domain.decisions.shadow import with_shadows
from moderator.domain.decisions.silence import WAITING, first_asking, is_mere_silence, unanswered
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import campaign_in
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.domain.verdict import (
    QUEUED,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
    Verdict,
)

# Who shows us another page than everybody else is met again soon, under another name.
REVERIFY_AFTER = timedelta(minutes=10)
KEEPER = Decider(DeciderKind.RULE, "parked", "the service")
REFUSALS = frozenset({Verdict.SPAM, Verdict.DISCARD})


def conclude(  # noqa: PLR0913  # one step, all of it is written together
    site: Site,
    stored: StoredSubmission,
    decision: Decision,
    *,
    findings: tuple[Finding, ...] = (),
    platform: Platform,
    now: datetime,
    deliver_at: datetime | None = None,
    event: CallbackEvent | None = None,
) -> DecisionWrite:
    """Return what to write. `deliver_at` is when the callback may leave (default: at once).
    A rule's decision on a text that was edited after a person decided is bound by after_person.
    """
    findings = with_shadows(site, decision, findings, now)
    silent = _silent(site, stored, decision, findings)
    waiting = (WAITING,) if silent and WAITING not in decision.reasons else ()
    decision = after_person(stored, decision)
    decision = replace(decision, reasons=(*decision.reasons, *waiting))
    recorded = _recorded(stored, decision, now)
    event = event or event_of(stored.acknowledged)
    campaign_id = campaign_in(findings) or stored.campaign_id
    told = partial(callback_body, site, stored, recorded, platform, event=event)
    is_linkback = stored.submission.linkback is not None
    is_by_person = decision.decided_by.kind.is_person
    return DecisionWrite(
        site.id,
        recorded,
        findings,
        event,
        _told(site, stored, recorded, partial(told, campaign_id=campaign_id)),
        deliver_at or now,
        reverify_at=_reverify_at(decision, now) if is_linkback else None,
        ask_at=first_asking(silent, now) if silent else None,
        silent=silent,
        ends_reverification=is_linkback and is_by_person and decision.verdict in REFUSALS,
        teaches=is_by_person,
        acknowledged=stored.acknowledged,
        callback_url=stored.submission.answer_url,
    )


def _reverify_at(decision: Decision, now: datetime) -> datetime | None:
    return now + REVERIFY_AFTER if decision.verdict is Verdict.APPROVE else None


def _told(
    site: Site, stored: StoredSubmission, recorded: RecordedDecision, body: Callable[[], bytes]
) -> bytes | None:
    if _is_observed(site, stored, recorded.decision):
        return None
    if is_asked(stored.submission):
        return later_answer(stored, recorded)
    return body() if site.is_told else None


def _is_observed(site: Site, stored: StoredSubmission, decision: Decision) -> bool:
    """Whether a site that only observes keeps it to itself: all but what people decided.

    Where the blog holds a comment and waits for us, it is told that so do we.
    """
    by = decision.decided_by
    if by.kind.is_person or by.id == AHEAD or not site.policy.observes:
        return False
    at_blog = stored.acknowledged.status or stored.submission.status
    return not decision.verdict.status == at_blog == Verdict.HOLD.status


def _silent(
    site: Site, stored: StoredSubmission, decision: Decision, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Who must be asked again; nobody where a person has to decide anyway."""
    if not is_mere_silence(decision, findings, site.policy):
        return ()
    passed = after_person(stored, replace(decision, verdict=Verdict.APPROVE))
    return unanswered(findings, site.policy) if passed.verdict is Verdict.APPROVE else ()


def _recorded(stored: StoredSubmission, decision: Decision, now: datetime) -> RecordedDecision:
    sequence = stored.sequence + 1
    return RecordedDecision(
        id=f"{stored.submission.id}-{sequence}",
        submission_id=stored.submission.id,
        sequence=sequence,
        decided_at=now,
        previous_status=stored.status,
        decision=decision,
        content_version=stored.content_version,
    )


def changes(stored: StoredSubmission, decision: Decision) -> bool:
    """Whether an automatic decision is worth writing: a person's word stands, so does an equal.

    A person's word is about the text that they saw: an edited one is queued first.
    """
    if stored.status == QUEUED:
        return True
    if is_by_person(stored) and stored.decided_version == stored.content_version:
        return False
    if is_held_anew(stored):
        return True  # the same word about another text: the reasons are other ones
    said = (decision.verdict.status, decision.duplicate_of)
    return said != (stored.status, stored.duplicate_of)


def is_held_anew(stored: StoredSubmission) -> bool:
    """Whether what is held was read since: a linkback whose source answered at last."""
    is_other = stored.decided_version != stored.content_version
    return stored.status == Verdict.HOLD.status and is_other


def after_person(stored: StoredSubmission, decision: Decision) -> Decision:
    """What a rule may decide about a text that was edited after a person decided on another.

    What a person approved may become anything; what they refused or held becomes visible by a
    person's word alone, however often it is edited, so it is held at most. The decision says so.
    """
    word = _word_on_another_text(stored)
    if decision.decided_by.kind.is_person or not word:
        return decision
    reason = Reason(f"{EDITED_AFTER}{word}", f"It was edited after a person {DONE[word]} it")
    is_shown = decision.verdict is Verdict.APPROVE and word != "approval"
    verdict = Verdict.HOLD if is_shown else decision.verdict
    said = () if _said_of(decision) else (reason,)
    return replace(decision, verdict=verdict, reasons=(*said, *decision.reasons))


def bound_by(decision: Decision) -> str:
    """Which word of a person binds the rules after this decision: refusal or hold, '' for none."""
    kind = decision.decided_by.kind
    word = WORDS[decision.verdict.status] if kind.is_person else _said_of(decision)
    return "" if word == "approval" else word


def _word_on_another_text(stored: StoredSubmission) -> str:
    if not is_by_person(stored):
        return stored.bound_by
    is_about_this = stored.decided_version == stored.content_version
    return "" if is_about_this else WORDS.get(stored.decided_status, "hold")


def _said_of(decision: Decision) -> str:
    """The word of a person that the decision heeds."""
    codes = (reason.code for reason in decision.reasons)
    return next((code[len(EDITED_AFTER) :] for code in codes if code.startswith(EDITED_AFTER)), "")


EDITED_AFTER = "edited_after_"
WORDS = {"approved": "approval", "spam": "refusal", "trash": "refusal", "hold": "hold"}
DONE = {"approval": "approved", "refusal": "refused", "hold": "held"}


def is_by_person(stored: StoredSubmission) -> bool:
    return DeciderKind(stored.decided_by or "rule").is_person


def parked(attempts: int) -> Decision:
    """The verdict on what we could not judge: a person looks at it."""
    reason = Reason(
        "parked", f"The checks failed {attempts} times on this one; a person must look at it"
    )
    return Decision(Verdict.HOLD, KEEPER, (reason,))
