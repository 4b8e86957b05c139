"""What thresholds in shadow would have said of a submission that was just weighed.

One finding beside the others, of those that would have said something else; it weighs nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, verdict_of
from moderator.domain.rule import Rule, RuleKind, RuleState, thresholds_of
from moderator.domain.site import Site
from moderator.domain.verdict import Decision

NAME = "shadow_thresholds"  # of the finding


def with_thresholds(policy: Policy, rule: Rule) -> Policy:
    """The policy as such a rule would have it. Raises InvalidError where it is no such rule."""
    hold_at, spam_at = thresholds_of(rule.what)
    return replace(policy, hold_at=hold_at, spam_at=spam_at)


def with_shadows(
    site: Site, decision: Decision, findings: tuple[Finding, ...], now: datetime
) -> tuple[Finding, ...]:
    """The findings, with what thresholds in shadow say of them now; a person's word is no guess."""
    if decision.decided_by.kind.is_person:
        return findings
    counting = [
        rule
        for rule in site.rules
        if rule.kind is RuleKind.THRESHOLDS and rule.state_at(now) is RuleState.SHADOW
    ]
    if not counting:
        return findings
    others = tuple(finding for finding in findings if finding.check != NAME)
    said = _others_say(counting, others, site.policy)
    if not said:
        return others
    shown = ", ".join(f"{one['would']} ({one['name']})" for one in said)
    reason = f"Other thresholds, in shadow, would have said: {shown}"
    return (*others, Finding(NAME, Signal.NEUTRAL, reason, NAME, evidence={"rules": said}))


def _others_say(
    counting: Sequence[Rule], findings: Sequence[Finding], policy: Policy
) -> list[dict[str, object]]:
    given = verdict_of(findings, policy)
    said: list[dict[str, object]] = []
    for rule in counting:
        would = verdict_of(findings, with_thresholds(policy, rule))
        if would is not given:
            told: dict[str, object] = {"rule": rule.id, "name": rule.name or rule.what}
            said.append(told | {"would": would.value, "instead_of": given.value})
    return said
