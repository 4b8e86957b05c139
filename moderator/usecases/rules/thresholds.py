"""What a site's thresholds would do, and choosing them: as far as people's decisions bear it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.errors import ConflictError, InvalidError, NotFoundError
from moderator.domain.history.record import PastVerdict
from moderator.domain.policy import Policy
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.domain.rule import thresholds_of
from moderator.domain.rules.changes import PolicyChoice, RuleChange, choice_of
from moderator.domain.rules.thresholds import PastTrial, ThresholdTable, item_of, table, why_not
from moderator.domain.site import Site
from moderator.domain.verdict import Decider
from moderator.usecases.rules.manage import RuleStore
from moderator.usecases.rules.try_rule import StoredVerdicts

READ = 3_000  # submissions that the table rests on: the newest, while somebody waits for the page
DECIDED = 5_000  # of those that people decided about, by which more is earned
PAGE = 500
Read = Callable[[str, str, int], Sequence[PastVerdict]]


class PolicyStore(Protocol):
    def get(self, site_id: str) -> Site | None: ...

    def all(self) -> tuple[Site, ...]: ...

    def set_policy(self, site_id: str, policy: Policy) -> None: ...


class DecidedStore(StoredVerdicts, Protocol):
    def newest_decided(self, site_id: str, before: str, limit: int) -> Sequence[PastVerdict]:
        """Those of a site that people decided about, newest first."""
        ...


class TrialStore(Protocol):
    def number(self, site_id: str, most: int) -> int:
        """How many of a site's newest decided ones were never judged; `most` are looked at."""
        ...

    def trial(self, site_id: str) -> PastTrial | None: ...

    def is_awaited(self, site_id: str) -> bool: ...

    def ask(self, site_id: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class ImportedPast:
    """What of a site's past was never judged: `number` decided ones, judged again by `trial`."""

    number: int = 0
    trial: PastTrial | None = None
    is_awaited: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    sites: PolicyStore
    history: DecidedStore
    store: RuleStore
    trials: TrialStore
    hints: Hints

    def seen(self, scope: Scope) -> list[Site]:
        """The sites that somebody may see, by name."""
        found = (site for site in self.sites.all() if scope is None or site.id in scope)
        return sorted(found, key=lambda site: (site.name, site.id))

    def site(self, scope: Scope, site_id: str) -> Site:
        """Raises NotFoundError, also for a site outside of `scope`."""
        site = self.sites.get(site_id) if scope is None or site_id in scope else None
        if site is None:
            raise NotFoundError("There is no such site")
        return site

    def imported(self, scope: Scope, site_id: str) -> ImportedPast:
        """Raises NotFoundError."""
        self.site(scope, site_id)
        return ImportedPast(
            self.trials.number(site_id, READ),
            self.trials.trial(site_id),
            is_awaited=self.trials.is_awaited(site_id),
        )

    def judge_imported(self, scope: Scope, site_id: str, now: datetime) -> None:
        """Have them judged again in the background. Raises NotFoundError."""
        self.site(scope, site_id)
        self.trials.ask(site_id, now)
        self.hints.work_is_due(Job.DRY_RUN)

    def table(self, scope: Scope, site_id: str, trial: PastTrial | None = None) -> ThresholdTable:
        """By what was found at the time, and by what was imported and judged again."""
        site = self.site(scope, site_id)
        items = (
            item_of(past, site.policy)
            for past in _newest(self.history.newest_verdicts, site_id, READ)
        )
        again = trial.items if trial is not None else ()
        return table([*(item for item in items if item is not None), *again], site.policy)

    def choose(
        self, site_id: str, wanted: PolicyChoice, by: Decider, *, scope: Scope, now: datetime
    ) -> Policy:
        """Raises NotFoundError, InvalidError (no thresholds, or not earned)."""
        site = self.site(scope, site_id)
        thresholds_of(f"{wanted.hold_at} {wanted.spam_at}")
        before = choice_of(site.policy)
        if wanted == before:
            return site.policy
        policy = _with(site.policy, wanted)
        is_more = wanted.hold_at > before.hold_at or wanted.spam_at < before.spam_at
        decided = _newest(self.history.newest_decided, site_id, DECIDED) if is_more else []
        if is_more and (why := why_not(decided, site.policy, policy)):
            raise InvalidError(why)
        return self._keep(site, policy, by, now)

    def undo(self, number: int, by: Decider, *, scope: Scope, now: datetime) -> Site:
        """Choose what was chosen before, if nothing else was chosen since.

        Raises NotFoundError, ConflictError.
        """
        change = self.store.change(number)
        if change is None or change.choice is None or change.choice_before is None:
            raise NotFoundError("There is no such change")
        site = self.site(scope, change.site_id)
        if choice_of(site.policy) != change.choice:
            raise ConflictError("Something else was chosen since")
        self._keep(site, _with(site.policy, change.choice_before), by, now)
        return site

    def _keep(self, site: Site, policy: Policy, by: Decider, now: datetime) -> Policy:
        self.sites.set_policy(site.id, policy)
        self.store.write(
            RuleChange(
                by,
                now,
                choice=choice_of(policy),
                choice_before=choice_of(site.policy),
                site_id=site.id,
            )
        )
        return policy


def _newest(read: Read, site_id: str, most: int) -> list[PastVerdict]:
    found: list[PastVerdict] = []
    while len(found) < most:
        before = found[-1].submission.id if found else ""
        page = read(site_id, before, PAGE)
        found += page
        if len(page) < PAGE:
            break
    return found


def _with(policy: Policy, wanted: PolicyChoice) -> Policy:
    return replace(
        policy,
        version=policy.version + 1,
        hold_at=wanted.hold_at,
        spam_at=wanted.spam_at,
        moderation=wanted.moderation,
        previously_approved=wanted.previously_approved,
    )
