"""The queue: its jobs, a claimed row with its lease, and the submission that the work is about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from moderator.domain.finding import Finding
from moderator.domain.submission import Submission


class Job(StrEnum):
    """The background jobs: queue rows, Celery tasks and routes all use these names."""

    CHECK_LOCAL = "check"  # local checks, in batches
    CHECK_REMOTE = "reach"  # checks that need the network, many at a time
    ASK_AGAIN = "ask"  # again those who gave no answer
    REVERIFY = "reverify"  # a later look at the source of a linkback
    DELIVER = "deliver"  # callbacks
    TRAIN_SITE_MODEL = "learn"  # from what people decided
    TRY = "try"  # judgements that leave nothing behind
    SEND_FEEDBACK = "teach"  # a spam service where a person overruled it
    POLL = "poll"  # blogs that tell us nothing by themselves: a row per site, for ever
    DRY_RUN = "dry_run"  # a rule on stored submissions
    DIGEST = "digest"  # mails to moderators about what waits


# How long a claim holds a row: its lease. A worker that has not written by then has lost the row:
# others may claim it, and the fence (storage/queue.py) refuses the late result.
LEASES = {
    Job.CHECK_LOCAL: timedelta(seconds=30),
    Job.CHECK_REMOTE: timedelta(seconds=45),
    Job.ASK_AGAIN: timedelta(seconds=45),
    Job.REVERIFY: timedelta(seconds=45),
    Job.DELIVER: timedelta(seconds=45),
    Job.TRAIN_SITE_MODEL: timedelta(seconds=60),
    Job.TRY: timedelta(seconds=45),  # its rows are in Redis, and are forgotten sooner
    Job.SEND_FEEDBACK: timedelta(seconds=45),
    Job.POLL: timedelta(seconds=150),
    Job.DRY_RUN: timedelta(seconds=60),
    Job.DIGEST: timedelta(seconds=240),
}
REFILL_LEASE = timedelta(seconds=30)  # of the one process that refills the near index

MAX_ATTEMPTS = 4  # claims after which a submission is parked: held for a person
FIRST_WAIT = timedelta(seconds=1)  # of what failed, doubled with every attempt
LONGEST_WAIT = timedelta(minutes=17)
MAX_DOUBLINGS = 20
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A claimed row of the queue: `row` is its id, `token` proves the claim when a result is
    written.

    `attempts` counts the claims, this one included. `findings` are those of the local checks.
    `claimed_at` is the database's time.
    """

    row: int
    token: str
    job: Job
    subject_id: str
    site_id: str
    attempts: int
    findings: tuple[Finding, ...] = ()
    claimed_at: datetime = LONG_AGO

    @property
    def submission_id(self) -> str:
        """What the work is about: callbacks and decisions are named after their submission."""
        if self.job in (Job.DELIVER, Job.SEND_FEEDBACK):
            return self.subject_id.removeprefix("msg_").rpartition("-")[0]
        return self.subject_id


def backoff(attempts: int) -> timedelta:
    """How long what failed `attempts` times waits: doubled each time, up to LONGEST_WAIT."""
    wait: timedelta = FIRST_WAIT * 2 ** min(attempts, MAX_DOUBLINGS)
    return min(wait, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The last status that the blog knows: it took our callback, or decided itself.

    `sequence` is that of the decision; 0 and '' while the blog knows of none. Who was answered
    "hold" while there was no decision knows it with the sequence LATE.
    """

    status: str = ""
    duplicate_of: str = ""
    sequence: int = 0


NOTHING_ACKNOWLEDGED = Acknowledged()
LATE = -1


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """A submission as the database has it, with its latest decision.

    `sequence` and `status` are those of the decision (0 and `queued` before the first).

    `content_version` counts the texts it had. `decided_status` and `decided_version` belong to the
    latest decision, whatever `status` says: while an edit waits for its judgement that is queued.
    """

    submission: Submission
    sequence: int
    status: str
    decided_by: str = ""
    text_key: str = ""
    author_key: str = ""
    duplicate_of: str = ""
    content_version: int = 1
    decided_status: str = ""
    decided_version: int = 1
    acknowledged: Acknowledged = NOTHING_ACKNOWLEDGED
    place_key: str = ""
    address_key: str = ""
    bound_by: str = ""  # a person's word on an earlier text: refusal, hold (decisions/conclude.py)
    campaign_id: str = ""  # of the one that is shown; loaded where people decide
