"""What people changed of a rule, or of what a site chose, and how it is taken back."""

from dataclasses import dataclass, replace
from datetime import datetime

from moderator.domain.errors import ConflictError
from moderator.domain.policy import Moderation, Policy
from moderator.domain.rule import Rule, RuleState
from moderator.domain.verdict import Decider


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """The part of a policy that is chosen on the page of thresholds."""

    hold_at: float
    spam_at: float
    moderation: Moderation
    previously_approved: bool


def choice_of(policy: Policy) -> PolicyChoice:
    return PolicyChoice(
        policy.hold_at, policy.spam_at, policy.moderation, policy.previously_approved
    )


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One line of the log: `before` is None for what was made, `rule` and `choice` are what became
    of it. `number` is 0 before it was written.
    """

    by: Decider
    at: datetime
    rule: Rule | None = None
    before: Rule | None = None
    choice: PolicyChoice | None = None
    choice_before: PolicyChoice | None = None
    site_id: str = ""
    number: int = 0


def taken_back(change: RuleChange, current: Rule) -> Rule:
    """The rule as it was before a change; what was made is expired.

    Raises ConflictError when something else was changed since.
    """
    if change.rule is None or current.version != change.rule.version:
        raise ConflictError("The rule was changed again since")
    version = current.version + 1
    if change.before is None:
        return replace(current, state=RuleState.EXPIRED, version=version)
    return replace(change.before, version=version, dry_run=current.dry_run)
