"""Ask and be answered at once: stored and queued as always, then the decision is waited for.

What is only tried is handed to the workers and forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.answering.trial import Trial, Trials
from moderator.domain.events.arrival import Answer, Arrival, Event, Receipt
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.ports import Hints
from moderator.domain.queue import Job
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision
from moderator.usecases.answering.tally import Tally
from moderator.usecases.answering.watch import Told, Watch
from moderator.usecases.intake.accept import Accept
from moderator.usecases.moderate.submission_status import SubmissionStatusStore


class LateStore(Protocol):
    def told_late(self, submission_id: str) -> bool:
        """Note that the blog was told to wait; False where there is a decision already."""
        ...

    def decided(self, ids: Sequence[str]) -> dict[str, Decision]: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """`decisions` watches what is stored, `trying` what is tried."""

    accept: Accept
    decisions: Watch
    trying: Watch
    trials: Trials
    late: LateStore
    views: SubmissionStatusStore
    tally: Tally
    hints: Hints

    def begin(self, arrival: Arrival, now: datetime) -> Callable[[], Answer]:
        """Store a comment that was asked about; what is returned waits for that.

        One that is known is judged anew where what its id is not made of has changed. Raises
        OverloadedError, at the end StorageUnavailableError.
        """
        stored = self.accept.begin([arrival], now)

        def end() -> Answer:
            [answer] = stored()
            if isinstance(answer, Receipt) and not answer.is_new:
                updated = replace(arrival, event=Event.UPDATED, key="", second_key="")
                [answer] = self.accept([updated], now)
            return answer

        return end

    def watch(self, submission_id: str, told: Told) -> Callable[[], None] | None:
        return self.decisions.begin(submission_id, told)

    def give_up(self, submission_id: str) -> Decision | None:
        """Note that its blog is told to wait; the decision where there is one after all.

        Raises StorageUnavailableError.
        """
        if self.late.told_late(submission_id):
            return None
        return self.late.decided([submission_id]).get(submission_id)

    def try_out(self, submission: Submission) -> bool:
        """Have it judged for trial; return whether somebody will."""
        if not self.trials.ask(Trial(submission)):
            return False
        self.hints.work_is_due(Job.TRY)
        return True

    def watch_trial(self, submission_id: str, told: Told) -> Callable[[], None] | None:
        return self.trying.begin(submission_id, told)

    def report(self, arrival: Arrival, now: datetime) -> SubmissionStatus | None:
        """Store what a person decided, and have it learned now; return what stood before.

        Raises OverloadedError, StorageUnavailableError.
        """
        said = arrival.submission
        before = self.views.find_by_platform_id(said.site_id, said.platform_id)
        self.accept([arrival], now)
        self.hints.work_is_due(Job.TRAIN_SITE_MODEL)
        return before
