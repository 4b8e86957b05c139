"""The second stage: checks that need the network, many at a time, each under its own deadline."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderator.domain.callback import Platform
from moderator.domain.check import Context, Reach, RemoteCheck
from moderator.domain.conclude import changes, conclude, parked
from moderator.domain.finding import Finding, Signal
from moderator.domain.jobs import Job
from moderator.domain.outcome import Outcome
from moderator.domain.policy import decide
from moderator.domain.ports import Hints
from moderator.domain.site import Site
from moderator.domain.work import MAX_ATTEMPTS, Standing, Ticket
from moderator.usecases.check import JudgingStore, WorkQueue
from moderator.usecases.flow import Flow, Limits
from moderator.usecases.surroundings import SiteBook

DEADLINE = 20.0  # seconds for all remote checks of one submission
LIMITS = Limits(places=64, per_site=32)


@dataclass(frozen=True, slots=True)
class ReachOut:
    queue: WorkQueue
    store: JudgingStore
    sites: SiteBook
    remote: tuple[RemoteCheck, ...]
    reach: Reach
    platform_of: Callable[[Site], Platform]
    new_token: Callable[[], str]
    hints: Hints

    async def __call__(self) -> int:
        """Drain the second stage; return how many submissions were handled."""
        flow = Flow(Job.REACH, self.queue, self.new_token, self._judge, self._write, LIMITS)
        return await flow.drain()

    async def _judge(self, ticket: Ticket) -> Outcome | None:
        standing = self.store.standings([ticket.subject_id]).get(ticket.subject_id)
        site = self.sites.get(ticket.site_id)
        if standing is None or site is None:
            return None
        now = self.queue.now()
        if ticket.attempts > MAX_ATTEMPTS:
            findings, decision = ticket.findings, parked(MAX_ATTEMPTS)
        else:
            context = Context(site=site, now=now)
            found = await asyncio.gather(
                *(
                    self._ask(check, standing, context)
                    for check in self.remote
                    if check.applies(standing.submission, context)
                )
            )
            findings = (*ticket.findings, *found)
            decision = decide(findings, site.policy)
        if not changes(standing, decision):
            return None
        return conclude(
            site,
            standing,
            decision,
            findings=findings,
            platform=self.platform_of(site),
            now=self.queue.now(),
        )

    async def _ask(self, check: RemoteCheck, standing: Standing, context: Context) -> Finding:
        """Ask one check; its silence is a finding, never a reason to lose the others' answers."""
        try:
            async with asyncio.timeout(DEADLINE):
                return await check.run(standing.submission, context, self.reach)
        except TimeoutError:
            reason = f"The check {check.name} gave no answer in {DEADLINE:.0f} seconds"
            return Finding(check.name, Signal.UNAVAILABLE, reason, code=f"{check.name}_timeout")

    def _write(self, results: Sequence[tuple[Ticket, Outcome | None]]) -> None:
        if results:
            self.store.finish(results, (), ())
            if any(outcome is not None and outcome.callback for _, outcome in results):
                self.hints.work_is_due(Job.DELIVER)
