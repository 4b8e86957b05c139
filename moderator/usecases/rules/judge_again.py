"""What waits is judged again when a rule begins to act, and what it decided when it ceases.

Workers know a rule two seconds after it was written, so the new judgements are due a moment later.
What people decided stays as it is: the judgement sees to that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.history.record import PastVerdict
from moderator.domain.ports import SiteLookup
from moderator.domain.rule import Rule, RuleState
from moderator.domain.rules.matching import NAME, found_by
from moderator.domain.submission import Submission
from moderator.usecases.rules.try_rule import StoredVerdicts

MOST = 3_000  # submissions that are looked at: the newest, while somebody waits for the page
PAGE = 500
UNTIL_KNOWN = timedelta(seconds=3)  # after which every worker knows the rule
SubmissionKey = tuple[str, str]  # submission id, site id


class HeldSubmissions(StoredVerdicts, Protocol):
    def held(self, site_id: str, limit: int) -> Sequence[Submission]:
        """What waits at a site ('': at every site), the newest first."""
        ...


class AgainQueue(Protocol):
    def judge_again(self, subjects: Sequence[SubmissionKey], at: datetime) -> None:
        """Queue a new judgement of each, due at `at`."""
        ...


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    history: HeldSubmissions
    queue: AgainQueue
    sites: SiteLookup

    def __call__(self, before: Rule | None, after: Rule, now: datetime) -> int:
        """Return how many are judged again because of what became of a rule."""
        did = before is not None and before.state_at(now) is RuleState.LIVE
        does = after.state_at(now) is RuleState.LIVE
        if did is does:
            return 0
        found = self._waiting(after) if does else self._decided_by(after)
        if found:
            self.queue.judge_again(found, now + UNTIL_KNOWN)
        return len(found)

    def _waiting(self, rule: Rule) -> list[SubmissionKey]:
        """What is held and the rule finds something in."""
        return [
            (one.id, one.site_id)
            for one in self.history.held(rule.site_id, MOST)
            if found_by((rule,), Facts(one, self._hosts(one.site_id)))
        ]

    def _hosts(self, site_id: str) -> frozenset[str]:
        site = self.sites.get(site_id)
        return frozenset() if site is None else site.hosts

    def _decided_by(self, rule: Rule) -> list[SubmissionKey]:
        """What the service decided with the rule's word, and no person since."""
        found: list[SubmissionKey] = []
        read, last = 0, ""
        while read < MOST:
            page = self.history.newest_verdicts(rule.site_id, last, PAGE)
            found += [
                (one.submission.id, one.submission.site_id)
                for one in page
                if one.by_person is None and _named(one, rule.id)
            ]
            if len(page) < PAGE:
                break
            read, last = read + len(page), page[-1].submission.id
        return found


def _named(past: PastVerdict, rule_id: str) -> bool:
    for finding in past.findings:
        told = finding.evidence.get("rules") if finding.check == NAME else None
        if isinstance(told, list):
            return any(isinstance(one, dict) and one.get("rule") == rule_id for one in told)
    return False
