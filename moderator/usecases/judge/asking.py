"""Running remote checks: what CheckRemote and AskAgain share."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from moderator.domain.check import Context, RemoteCheck, RemoteTools
from moderator.domain.finding import Finding, Signal
from moderator.domain.ports import Hints, SiteLookup
from moderator.domain.queue import StoredSubmission, Ticket
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.timing.deadlines import deadline
from moderator.usecases.judge.local import Findings, JudgingStore
from moderator.usecases.ports import WorkQueue

DEADLINE_SECONDS = 20.0  # seconds for one remote check

Loaded = tuple[StoredSubmission | None, Site | None]


@dataclass(frozen=True, slots=True)
class Asking:
    queue: WorkQueue
    store: JudgingStore
    sites: SiteLookup
    remote: tuple[RemoteCheck, ...]
    tools: RemoteTools
    new_token: Callable[[], str]
    hints: Hints
    stopping: threading.Event = field(default_factory=threading.Event)

    def load(self, tickets: Sequence[Ticket]) -> list[Loaded]:
        found = self.store.stored_submissions(ticket.subject_id for ticket in tickets)
        return [(found.get(each.subject_id), self.sites.get(each.site_id)) for each in tickets]

    async def ask_all(
        self, checks: Iterable[RemoteCheck], submission: Submission, context: Context
    ) -> Findings:
        """Run all that apply concurrently; return their findings."""
        pending = (check for check in checks if check.applies(submission, context))
        asked = (ask(check, submission, context, self.tools) for check in pending)
        return tuple(await asyncio.gather(*asked))


async def ask(
    check: RemoteCheck, submission: Submission, context: Context, tools: RemoteTools
) -> Finding:
    """Run one check. After DEADLINE_SECONDS its finding is `unavailable`; it raises no
    TimeoutError.
    """
    try:
        async with deadline(DEADLINE_SECONDS):
            return await check.run(submission, context, tools)
    except TimeoutError:
        reason = f"The check {check.name} gave no answer in {DEADLINE_SECONDS:.0f} seconds"
        return Finding(check.name, Signal.UNAVAILABLE, reason, code=f"{check.name}_timeout")
