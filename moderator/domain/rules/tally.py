"""Counts what a rule would have done about one stored submission after the other.

Each is weighed twice by what was found at the time, without and with the rule; other rules are left
out. So nothing else shows but the rule.
"""

from dataclasses import replace

from moderator.domain.history.record import PastVerdict
from moderator.domain.rule import DryRun, Rule, RuleKind
from moderator.domain.verdict import Verdict

KEPT = 5  # examples of a kind
REFUSED = frozenset({Verdict.SPAM, Verdict.DISCARD})


def begun(rule: Rule) -> DryRun:
    return DryRun(rule.digest)


def counted(
    run: DryRun, rule: Rule, past: PastVerdict, verdicts: tuple[Verdict, Verdict] | None
) -> DryRun:
    """`verdicts` are those without and with the rule; None where it finds nothing."""
    id_ = past.submission.id
    run = replace(run, read=run.read + 1, before=id_)
    if verdicts is None:
        return run
    change = f"{verdicts[0]}>{verdicts[1]}"
    changes = run.changes | {change: run.changes.get(change, 0) + 1}
    run = replace(run, caught=run.caught + 1, changes=changes)
    action = verdicts[1] if rule.kind is RuleKind.THRESHOLDS else rule.action
    match agrees(action, past.by_person):
        case True:
            return replace(run, right=run.right + 1, right_ids=(*run.right_ids, id_)[:KEPT])
        case False:
            return replace(run, wrong=run.wrong + 1, wrong_ids=(*run.wrong_ids, id_)[:KEPT])
        case None:
            return replace(run, caught_ids=(*run.caught_ids, id_)[:KEPT])


def agrees(action: Verdict, by_person: Verdict | None) -> bool | None:
    """Whether a person's word says what the rule says; None where it says neither."""
    if by_person is None or by_person is Verdict.HOLD:
        return None
    is_refused = by_person in REFUSED
    return not is_refused if action is Verdict.APPROVE else is_refused
