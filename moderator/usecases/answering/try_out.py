"""Judge for trial: the same checks over the same past, and nothing remains of it.

Nobody outside is asked: of what the network would tell, only a page that was handed over is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.answering.trial import Trials
from moderator.domain.check import Context, LocalCheck
from moderator.domain.content.facts import Facts, Mask
from moderator.domain.finding import Finding
from moderator.domain.judge import Case, Judge
from moderator.domain.queue import StoredSubmission
from moderator.domain.submission import Submission
from moderator.domain.verdict import QUEUED, Decision
from moderator.usecases.judge.context import ContextLoader

BATCH = 64


class PageReader(Protocol):
    def read(self, submission: Submission, context: Context) -> Finding: ...


@dataclass(frozen=True, slots=True)
class TryOut:
    trials: Trials
    context_loader: ContextLoader
    local: tuple[LocalCheck, ...]
    page: PageReader
    clock: Callable[[], datetime]
    announce: Callable[[], object]

    def __call__(self) -> int:
        """Judge what waits; return how many."""
        trials = self.trials.take(BATCH)
        if not trials:
            return 0
        stored_submissions = {trial.id: self._standing(trial.submission) for trial in trials}
        contexts = self.context_loader(stored_submissions, self.clock())
        known = [trial for trial in trials if trial.id in contexts]
        cases = [self._case(trial.submission, contexts[trial.id]) for trial in known]
        judge = Judge(self.local, (), self.context_loader.text_judge)
        answers: list[Decision | None] = [judged.decision for judged in judge(cases)]
        self.trials.answer([(t, d) for t, d in zip(known, answers, strict=True) if d is not None])
        self.announce()
        return len(trials)

    def _standing(self, submission: Submission) -> StoredSubmission:
        return standing_of(submission, self.context_loader.store.mask)

    def _case(self, submission: Submission, context: Context) -> Case:
        is_linkback = submission.linkback is not None
        found = (self.page.read(submission, context),) if is_linkback else ()
        return Case(submission, context, found)


def standing_of(submission: Submission, mask: Mask) -> StoredSubmission:
    """What was never seen, as it would stand if it were stored."""
    facts = Facts(submission, mask=mask)
    return StoredSubmission(
        submission=submission,
        sequence=0,
        status=QUEUED,
        text_key=facts.text_key,
        author_key=facts.author_key,
        place_key=facts.place_key,
        address_key=facts.address_key,
    )
