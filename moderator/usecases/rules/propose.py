"""Proposes rules out of what people of a site refused again and again: drafts, that are tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.errors import NotFoundError
from moderator.domain.history.record import PastSubmission
from moderator.domain.rule import Rule, RuleKind
from moderator.domain.rules.learned import Proposal, proposals
from moderator.domain.rules.matching import entries_of
from moderator.domain.site import Site
from moderator.domain.verdict import Decider
from moderator.usecases.rules.manage import ManageRules, RuleWish
from moderator.usecases.rules.thresholds import PolicyStore

READ = 3_000  # submissions that people decided about, the newest: while somebody waits for the page
PAGE = 500


class DecidedSubmissions(Protocol):
    def decided_by_people(self, site_id: str, before: str, limit: int) -> Sequence[PastSubmission]:
        """Those of a site that people decided about, here or before they were imported, newest
        first; `before` is the last id of the page before, or ''.
        """
        ...


@dataclass(frozen=True, slots=True)
class ProposeRules:
    sites: PolicyStore
    history: DecidedSubmissions
    rules: ManageRules

    def __call__(self, scope: Scope, site_id: str) -> list[Proposal]:
        """Raises NotFoundError, also for a site outside of `scope`."""
        site = self._site(scope, site_id)
        return proposals(self._decided(site.id), site.hosts, self._known(site))

    def take(self, site_id: str, entry: str, by: Decider, *, scope: Scope, now: datetime) -> Rule:
        """Make a draft of a proposal. Raises NotFoundError (also where it is proposed no more)."""
        found = next((one for one in self(scope, site_id) if one.entry == entry), None)
        if found is None:
            raise NotFoundError("This is proposed no more")
        wish = RuleWish(site_id, RuleKind.LIST, found.entry, found.action, is_learned=True)
        return self.rules.add(wish, by, scope=scope, now=now)

    def _site(self, scope: Scope, site_id: str) -> Site:
        site = self.sites.get(site_id) if scope is None or site_id in scope else None
        if site is None:
            raise NotFoundError("There is no such site")
        return site

    def _known(self, site: Site) -> frozenset[str]:
        """What people named already, whatever became of it: nothing is proposed twice."""
        lists = (*site.policy.denylist, *site.policy.allowlist)
        made = self.rules.store.of((site.id,))
        named = [entry for rule in made if rule.kind is RuleKind.LIST for entry in _entries(rule)]
        return frozenset((*lists, *named))

    def _decided(self, site_id: str) -> list[PastSubmission]:
        found: list[PastSubmission] = []
        while len(found) < READ:
            before = found[-1].submission.id if found else ""
            page = self.history.decided_by_people(site_id, before, PAGE)
            found += page
            if len(page) < PAGE:
                break
        return found


def _entries(rule: Rule) -> tuple[str, ...]:
    return entries_of(rule.what)
