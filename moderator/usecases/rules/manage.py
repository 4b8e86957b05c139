"""Make a rule, try it, let it act, take it back. Each change is a line of the log.

What people name one by one acts at once: it is tried on the newest submissions while they wait. All
else is a draft first, and is tried on all that is kept in the background (run_dry.py). What is held
is judged again when a rule begins to act, what it decided when it ceases (judge_again.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.domain.rule import DryRun, Rule, RuleKind, RuleState, moved
from moderator.domain.rules.changes import RuleChange, taken_back
from moderator.domain.rules.matching import checked
from moderator.domain.rules.tally import begun
from moderator.domain.verdict import Decider, Verdict
from moderator.usecases.rules.judge_again import JudgeAgain
from moderator.usecases.rules.try_rule import MOST, TryRule

MAX_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class RuleWish:
    """What somebody wants a rule to be; `site_id` is '' for every site. What the service proposed
    `is_learned`: it is a draft first, whatever it looks for.
    """

    site_id: str
    kind: RuleKind
    what: str
    action: Verdict
    name: str = ""
    ends_at: datetime | None = None
    is_learned: bool = False


class RuleStore(Protocol):
    """`scope` holds the ids of the sites, None for all; rules of every site are always there."""

    def get(self, rule_id: str) -> Rule | None: ...

    def of(self, scope: Scope) -> list[Rule]:
        """The newest first."""
        ...

    def counts(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """What rules found, by rule and by the verdict that was given."""
        ...

    def write(self, change: RuleChange) -> int:
        """Raises ConflictError when the rule was changed meanwhile; returns the line's number."""
        ...

    def changes(self, scope: Scope, rule_id: str | None = None) -> list[RuleChange]:
        """The newest lines of the log, of a rule ('': of what sites chose) or of all."""
        ...

    def change(self, number: int) -> RuleChange | None: ...

    def ask_for_run(self, rule: Rule, now: datetime) -> None: ...

    def keep(self, rule_id: str, run: DryRun) -> None: ...


@dataclass(frozen=True, slots=True)
class ManageRules:
    store: RuleStore
    try_rule: TryRule
    hints: Hints
    judge_again: JudgeAgain
    new_id: Callable[[], str]

    def rule(self, scope: Scope, rule_id: str) -> Rule:
        """Raises NotFoundError, also for a rule of a site outside of `scope`."""
        found = self.store.get(rule_id)
        if found is None or not _is_seen(scope, found.site_id):
            raise NotFoundError("There is no such rule")
        return found

    def tried(self, wish: RuleWish, by: Decider, now: datetime) -> Rule:
        """What a rule would be, with a dry run on the newest; nothing is written.

        Raises InvalidError.
        """
        rule = self._drafted(wish, by, now)
        return replace(rule, dry_run=self.try_rule.preview(rule, now))

    def add(
        self, wish: RuleWish, by: Decider, *, scope: Scope, now: datetime, acts: bool = False
    ) -> Rule:
        """A draft; one that `acts` is live at once, after its preview.

        Raises InvalidError, ForbiddenError.
        """
        _must_own(scope, wish.site_id)
        if not acts:
            rule = self._drafted(wish, by, now)
            self.store.write(RuleChange(by, now, rule))
            return self._run(rule, now)
        if not acts_at_once(wish):
            raise InvalidError("Only what is named one by one acts at once; this is a draft first")
        live = replace(moved(self.tried(wish, by, now), RuleState.LIVE, now), version=1)
        self._write(RuleChange(by, now, live))
        return live

    def change(  # which rule, as it was seen, and what it shall be
        self, rule_id: str, wish: RuleWish, by: Decider, *, scope: Scope, seen: int, now: datetime
    ) -> Rule:
        """Make another rule of a draft; it is tried anew.

        Raises NotFoundError, ForbiddenError, ConflictError, InvalidError.
        """
        before = self._owned(scope, rule_id, seen)
        if before.state is not RuleState.DRAFT:
            raise ConflictError("Only a draft can be changed")
        if wish.site_id != before.site_id:
            raise InvalidError("A rule stays with its site")
        drafted = self._drafted(wish, by, now)
        rule = replace(
            drafted,
            id=before.id,
            by=before.by,
            made_at=before.made_at,
            version=before.version + 1,
            dry_run=before.dry_run,
            is_learned=before.is_learned,
        )
        self.store.write(RuleChange(by, now, rule, before))
        return rule if rule.digest == before.digest else self._run(rule, now)

    def move(  # which rule, as it was seen, and where to
        self, rule_id: str, to: RuleState, by: Decider, *, scope: Scope, seen: int, now: datetime
    ) -> Rule:
        """Raises NotFoundError, ForbiddenError, ConflictError, InvalidError."""
        before = self._owned(scope, rule_id, seen)
        rule = moved(before, to, now)
        self._write(RuleChange(by, now, rule, before))
        return rule

    def start(self, rule_id: str, *, scope: Scope, now: datetime) -> Rule:
        """Try a rule again on all that is kept. Raises NotFoundError, ForbiddenError."""
        rule = self.rule(scope, rule_id)
        _must_own(scope, rule.site_id)
        return self._run(rule, now)

    def try_now(self, rule_id: str, *, scope: Scope, now: datetime) -> Rule:
        """Try a rule on all that is kept, here and now: for who can wait.

        Raises NotFoundError, ForbiddenError.
        """
        rule = self.rule(scope, rule_id)
        _must_own(scope, rule.site_id)
        run = self.try_rule.further(rule, begun(rule), now, portion=MOST)
        self.store.keep(rule.id, run)
        return replace(rule, dry_run=run)

    def undo(self, number: int, by: Decider, *, scope: Scope, now: datetime) -> Rule:
        """Take a change back, if nothing was changed since.

        Raises NotFoundError, ForbiddenError, ConflictError.
        """
        change = self.store.change(number)
        if change is None or change.rule is None:
            raise NotFoundError("There is no such change")
        current = self.rule(scope, change.rule.id)
        _must_own(scope, current.site_id)
        rule = taken_back(change, current)
        self._write(RuleChange(by, now, rule, current))
        return rule

    def _write(self, change: RuleChange) -> None:
        """Write a line of the log; what the rule finds among what waits is judged again."""
        self.store.write(change)
        if change.rule is not None:
            self.judge_again(change.before, change.rule, change.at)

    def _owned(self, scope: Scope, rule_id: str, seen: int) -> Rule:
        found = self.rule(scope, rule_id)
        _must_own(scope, found.site_id)
        if found.version != seen:
            raise ConflictError("The rule was changed meanwhile")
        return found

    def _drafted(self, wish: RuleWish, by: Decider, now: datetime) -> Rule:
        what = checked(wish.kind, wish.what)
        if len(wish.name) > MAX_NAME:
            raise InvalidError(f"A name has at most {MAX_NAME} characters")
        if wish.ends_at is not None and wish.ends_at <= now:
            raise InvalidError("A rule ends in the future")
        return Rule(
            id=self.new_id(),
            site_id=wish.site_id,
            kind=wish.kind,
            what=what,
            action=wish.action,
            by=by,
            made_at=now,
            name=wish.name.strip(),
            ends_at=wish.ends_at,
            is_learned=wish.is_learned,
        )

    def _run(self, rule: Rule, now: datetime) -> Rule:
        self.store.ask_for_run(rule, now)
        self.hints.work_is_due(Job.DRY_RUN)
        return rule


def acts_at_once(wish: RuleWish) -> bool:
    """What people name one by one, and a number of links that lets wait as blogs do."""
    is_number = wish.kind is RuleKind.LINKS and wish.action is Verdict.HOLD
    return (wish.kind is RuleKind.LIST and not wish.is_learned) or is_number


def _is_seen(scope: Scope, site_id: str) -> bool:
    return scope is None or site_id == "" or site_id in scope


def _must_own(scope: Scope, site_id: str) -> None:
    """A rule of every site is made by who sees every site."""
    if scope is not None and site_id not in scope:
        raise ForbiddenError("Only who sees every site may change this")
