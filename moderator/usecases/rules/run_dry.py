"""Tries rules in the background, a portion per turn, so that other work gets its turn between."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.queue import LEASES, MAX_ATTEMPTS, Job, Ticket
from moderator.domain.rule import DryRun, Rule
from moderator.domain.rules.tally import begun
from moderator.usecases.ports import WorkQueue
from moderator.usecases.rules.try_rule import TryRule

SITE = "site-"  # before the id of a site whose past is judged again
PORTION = 2_000  # submissions of one turn: about a second


class DryRunStore(Protocol):
    def get(self, rule_id: str) -> Rule | None: ...

    def save_run(self, ticket: Ticket, run: DryRun) -> bool:
        """Write how far it got; False when the lease was lost. What is done leaves the queue."""
        ...


class DryRunQueue(WorkQueue, Protocol):
    def hand_back(self, tickets: Iterable[Ticket]) -> None:
        """Release rows at once, without counting the attempt."""
        ...


@dataclass(frozen=True, slots=True)
class RunDry:
    queue: DryRunQueue
    store: DryRunStore
    try_rule: TryRule
    judge_past: Callable[[Ticket], object]  # usecases/offline/judge_past.py
    new_token: Callable[[], str]

    def __call__(self) -> int:
        """Return how many rules were tried further; 0 when nothing is due."""
        lease: timedelta = LEASES[Job.DRY_RUN]
        tickets = self.queue.claim(Job.DRY_RUN, 1, token=self.new_token(), lease=lease)
        for ticket in tickets:
            if ticket.subject_id == f"{SITE}{ticket.site_id}":
                self.judge_past(ticket)
            else:
                self._further(ticket, ticket.claimed_at)
        return len(tickets)

    def _further(self, ticket: Ticket, now: datetime) -> None:
        rule = self.store.get(ticket.subject_id)
        if rule is None:
            self.store.save_run(ticket, DryRun("", is_done=True))
            return
        last = rule.dry_run
        is_under_way = last is not None and last.of == rule.digest and not last.is_done
        run = last if is_under_way and last is not None else begun(rule)
        if ticket.attempts > MAX_ATTEMPTS:
            self.store.save_run(ticket, replace(run, is_done=True, failed=True))
            return
        run = self.try_rule.further(rule, run, now, portion=PORTION)
        if self.store.save_run(ticket, run) and not run.is_done:
            self.queue.hand_back([ticket])
