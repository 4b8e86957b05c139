"""Tries a rule on stored submissions: the one judge weighs again what it had found, with the rule.

Nothing is written and nobody is asked: the rule's own findings are made anew, all others stand. A
portion at a time, so that whoever tries can stop and go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.check import Context, LocalCheck
from moderator.domain.content.facts import Facts
from moderator.domain.decisions.shadow import NAME as THRESHOLDS
from moderator.domain.decisions.shadow import with_thresholds
from moderator.domain.finding import Finding
from moderator.domain.history.record import PastVerdict
from moderator.domain.judge import Case, Judge
from moderator.domain.policy import Moderation, Policy, verdict_of
from moderator.domain.ports import SiteLookup
from moderator.domain.rule import DryRun, Rule, RuleKind, RuleState
from moderator.domain.rules.matching import NAME, SHADOW
from moderator.domain.rules.tally import begun, counted
from moderator.domain.site import Site
from moderator.domain.verdict import Verdict

PAGE = 200  # submissions that are read at once
MOST = 20_000  # submissions that a rule is tried on: the newest
PREVIEWED = 600  # of them, while somebody waits for a page
OWN = frozenset({NAME, SHADOW, THRESHOLDS})


class StoredVerdicts(Protocol):
    def newest_verdicts(self, site_id: str, before: str, limit: int) -> Sequence[PastVerdict]:
        """Judged submissions of a site ('': of every site), newest first; `before` is the last id
        of the page before, or ''.
        """
        ...


@dataclass(frozen=True, slots=True)
class TryRule:
    history: StoredVerdicts
    sites: SiteLookup
    check: LocalCheck  # checks/rules.py

    def preview(self, rule: Rule, now: datetime) -> DryRun:
        """What it would have done among the newest PREVIEWED, at once."""
        run = self.further(rule, begun(rule), now, portion=PREVIEWED, most=PREVIEWED)
        return replace(run, is_done=True)

    def further(
        self, rule: Rule, run: DryRun, now: datetime, *, portion: int, most: int = MOST
    ) -> DryRun:
        """The dry run with up to `portion` more; done where there is no more, or `most` is met."""
        until = min(run.read + portion, most)
        while run.read < until:
            limit = min(PAGE, until - run.read)
            page = self.history.newest_verdicts(rule.site_id, run.before, limit)
            for past in page:
                run = counted(run, rule, past, self._verdicts(rule, past, now))
            if len(page) < limit:
                return replace(run, is_done=True)
        return replace(run, is_done=run.read >= most)

    def _verdicts(
        self, rule: Rule, past: PastVerdict, now: datetime
    ) -> tuple[Verdict, Verdict] | None:
        site = self.sites.get(past.submission.site_id)
        if site is None:
            return None
        alone = _alone(site, rule)
        known = tuple(finding for finding in past.findings if finding.check not in OWN)
        if rule.kind is RuleKind.THRESHOLDS:
            return _by_thresholds(rule, known, alone.policy)
        case = Case(past.submission, _context(alone, past, now), known)
        judge = Judge((self.check,))
        findings = judge.find(case)
        if len(findings) == len(known):
            return None
        return verdict_of(known, alone.policy), verdict_of(findings, alone.policy)


def _by_thresholds(
    rule: Rule, known: Sequence[Finding], policy: Policy
) -> tuple[Verdict, Verdict] | None:
    """None where they change nothing."""
    before, after = verdict_of(known, policy), verdict_of(known, with_thresholds(policy, rule))
    return None if before is after else (before, after)


def _context(site: Site, past: PastVerdict, now: datetime) -> Context:
    return Context(site, now, facts=Facts(past.submission, site.hosts))


def _alone(site: Site, rule: Rule) -> Site:
    """The site with this rule alone, which acts: as if the site did not only observe."""
    policy = site.policy
    if policy.observes:
        policy = replace(policy, moderation=Moderation.USUAL)
    return replace(site, rules=(replace(rule, state=RuleState.LIVE, ends_at=None),), policy=policy)
