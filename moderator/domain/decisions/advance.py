"""What people decide in advance about whatever joins a campaign: for a while, and until revoked.

A rule decides then, in a person's name: nothing is learned from it, for nobody read those texts. In
this order:
1. what repeats another, and what is spam anyway, stays as it was judged;
2. a refusal takes what is held, and of what would pass only what says nearly the same: what says it
   in other words, or comes from who is trusted, passes as before;
3. an approval takes what is held, unless it names a host that the campaign did not name before.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from moderator.domain.finding import Evidence
from moderator.domain.verdict import Decider, DeciderKind, Decision, Reason, Verdict

KIND = "ahead"


@dataclass(frozen=True, slots=True)
class AdvanceRuling:
    """What a moderator decided about what joins a campaign on a site until `ends_at`.

    `act` is what it was made with. `revoked_by` is who ended it before that.
    """

    id: str
    campaign_id: str
    site_id: str
    verdict: Verdict
    by: Decider
    act: str
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and self.made_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Joined:
    """What is known of who joins: how close it is, who wrote it, what it names beyond the rest."""

    is_near: bool
    is_trusted: bool
    new_hosts: Collection[str] = ()


def in_advance(
    ruling: AdvanceRuling, judged: Decision | None, joined: Joined, now: datetime
) -> Decision | None:
    """The decision in place of what was judged (None: others must be asked); None to leave it."""
    verdict = Verdict.HOLD if judged is None else judged.verdict
    if not ruling.is_live(now) or verdict in (Verdict.DISCARD, Verdict.SPAM):
        return None
    if ruling.verdict is Verdict.APPROVE:
        applies = judged is not None and verdict is Verdict.HOLD and not joined.new_hosts
    elif verdict is Verdict.APPROVE:
        applies = joined.is_near and not joined.is_trusted
    else:
        applies = True
    return _decision(ruling, judged) if applies else None


def _decision(ruling: AdvanceRuling, judged: Decision | None) -> Decision:
    until = f"{ruling.ends_at:%-d %b %Y}"
    words = f"{ruling.by.name} decided this about everything like it until {until}"
    evidence: Evidence = {
        "campaign_id": ruling.campaign_id,
        "moderator": ruling.by.name,
        "until": ruling.ends_at.isoformat(),
    }
    reasons = judged.reasons if judged is not None else ()
    reason = Reason("decided_ahead", words, evidence=evidence)
    decider = Decider(DeciderKind.RULE, KIND, ruling.by.name)
    if judged is None:
        return Decision(ruling.verdict, decider, (reason,))
    return Decision(
        ruling.verdict,
        decider,
        (reason, *reasons),
        score=judged.score,
        hold_at=judged.hold_at,
        spam_at=judged.spam_at,
        policy_version=judged.policy_version,
    )
