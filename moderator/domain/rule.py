"""A rule that people made: what it looks for, what it does, and the states that it goes through.

    draft -> shadow -> live -> expired -> draft

A draft does nothing, a rule in shadow counts what it would have done, a live one acts. In between
any step back, and out, is free. Live is only what was tried on stored history as it is now. What a
person names one by one (entries of lists) acts at once then; what only resembles (patterns, numbers
of links) may hold, and may decide in a person's place where it was earned. Thresholds never go live
as a rule.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from moderator.domain.errors import ConflictError, InvalidError
from moderator.domain.verdict import Decider, Verdict

EARNED_SHARE = 0.9975  # of what people decided about what it caught ...
EARNED_AMONG = 1_000  # ... and of so many at least
MAX_THRESHOLD = 10.0
RULE_SPAM, RULE_DISCARD, RULE_HOLD = "rule_spam", "rule_discard", "rule_hold"  # codes of findings
RULE_APPROVE = "rule_approve"


class RuleKind(StrEnum):
    """What a rule looks for."""

    LIST = "list"  # entries as people type them, one a line (domain/lists/reading.py)
    PATTERN = "pattern"  # of google-re2
    LINKS = "links"  # so many links or more
    THRESHOLDS = "thresholds"  # other ones: what they would do is counted, and no more


class RuleState(StrEnum):
    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    EXPIRED = "expired"


_DRAFT, _SHADOW, _LIVE, _EXPIRED = RuleState
MOVES = MappingProxyType(
    {
        _DRAFT: frozenset({_SHADOW, _LIVE, _EXPIRED}),
        _SHADOW: frozenset({_DRAFT, _LIVE, _EXPIRED}),
        _LIVE: frozenset({_SHADOW, _EXPIRED}),
        _EXPIRED: frozenset({_DRAFT}),
    }
)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a rule would have done among stored submissions, the newest first.

    `of` is the digest of the rule that was tried. `right` and `wrong` count what it caught and
    people decided about: whether they said the same, a hold being right about what they refused.
    `changes` counts verdicts without and with it (`hold>spam`). `wrong_ids` and `right_ids` are the
    newest of each, `caught_ids` of those that nobody decided about. `before` is how far it got.
    """

    of: str
    read: int = 0
    caught: int = 0
    right: int = 0
    wrong: int = 0
    changes: dict[str, int] = field(default_factory=dict)
    wrong_ids: tuple[str, ...] = ()
    right_ids: tuple[str, ...] = ()
    caught_ids: tuple[str, ...] = ()
    before: str = ""
    is_done: bool = False
    failed: bool = False

    @property
    def decided(self) -> int:
        return self.right + self.wrong

    @property
    def is_earned(self) -> bool:
        """Whether people agreed so often that nobody needs to look any more."""
        is_enough = self.decided >= EARNED_AMONG
        return is_enough and self.right >= EARNED_SHARE * self.decided


@dataclass(frozen=True, slots=True)
class Rule:
    """`site_id` is '' for a rule of every site. `what` are entries, a pattern, or a number.

    `action` is the verdict that it brings about: what approves only speaks for a submission. `name`
    is what people call it, `ends_at` when it ends by itself. `version` rises with every change.
    One that `is_learned` was proposed by the service: people chose it, but named nothing.
    """

    id: str
    site_id: str
    kind: RuleKind
    what: str
    action: Verdict
    by: Decider
    made_at: datetime
    state: RuleState = RuleState.DRAFT
    name: str = ""
    ends_at: datetime | None = None
    dry_run: DryRun | None = None
    version: int = 1
    is_learned: bool = False

    @property
    def digest(self) -> str:
        """Of what a dry run is about."""
        said = f"{self.site_id}\0{self.kind}\0{self.action}\0{self.what}"
        return sha256(said.encode(errors="replace")).hexdigest()[:16]

    @property
    def must_earn(self) -> bool:
        """Whether it would decide by itself about what nobody named."""
        is_named = self.kind is RuleKind.LIST and not self.is_learned
        return not is_named and self.action is not Verdict.HOLD

    def state_at(self, now: datetime) -> RuleState:
        """What ended by itself is expired, whatever is written."""
        is_over = self.ends_at is not None and self.ends_at <= now
        return RuleState.EXPIRED if is_over and self.state is not RuleState.DRAFT else self.state

    def why_not_live(self) -> str:
        """A sentence on what is missing; '' when nothing is."""
        run = self.dry_run
        if self.kind is RuleKind.THRESHOLDS:
            return "It only counts: thresholds act once they are chosen on their own page"
        if run is None or run.of != self.digest:
            return "It was not tried on stored history yet, or was changed since"
        if not run.is_done:
            return "Its dry run is not done yet"
        if run.failed:
            return "Its dry run failed; try it again"
        if self.must_earn and not run.is_earned:
            return (
                f"It would decide in a person's place: people must have agreed with"
                f" {EARNED_SHARE:.2%} of at least {EARNED_AMONG:,} that it caught;"
                f" so far with {run.right:,} of {run.decided:,}. It may hold"
            )
        return ""


def thresholds_of(what: str) -> tuple[float, float]:
    """From which score is held, and from which it is spam. Raises InvalidError."""
    try:
        hold_at, spam_at = (float(part.replace(",", ".")) for part in what.split())
    except ValueError as error:
        raise InvalidError("Thresholds are two numbers: hold and spam, such as 0.4 0.9") from error
    if not 0 < hold_at <= spam_at <= MAX_THRESHOLD:
        raise InvalidError(f"Thresholds go up: 0 < hold <= spam <= {MAX_THRESHOLD:g}")
    return hold_at, spam_at


def moves(rule: Rule, now: datetime) -> frozenset[RuleState]:
    """The states that a rule may go to now."""
    state = rule.state_at(now)
    return frozenset(
        to for to in MOVES[state] if to is not RuleState.LIVE or not rule.why_not_live()
    )


def moved(rule: Rule, to: RuleState, now: datetime) -> Rule:
    """The rule in another state. Raises ConflictError (not from here), InvalidError (not yet).

    What ended by its date has none any more when it is drafted anew.
    """
    state = rule.state_at(now)
    if to not in MOVES[state]:
        raise ConflictError(f"A rule that is {state} cannot become {to}")
    if to is RuleState.LIVE and (why := rule.why_not_live()):
        raise InvalidError(why)
    ends_at = None if to is RuleState.DRAFT else rule.ends_at
    return replace(rule, state=to, ends_at=ends_at, version=rule.version + 1)
