"""A piece of claimed work: what a worker holds, and must still hold when it writes."""

from dataclasses import dataclass

from moderator.domain.finding import Finding
from moderator.domain.jobs import Job
from moderator.domain.submission import Submission

MAX_ATTEMPTS = 4  # claims after which an item is parked for a person


@dataclass(frozen=True, slots=True)
class Ticket:
    """A claimed queue row. `attempts` counts this claim; `findings` are the first stage's."""

    row: int
    token: str
    job: Job
    subject_id: str
    site_id: str
    attempts: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the blog was last told and took, or told us: '' and 0 when there was nothing yet."""

    status: str = ""
    duplicate_of: str = ""
    sequence: int = 0


NOTHING_HEARD = Heard()


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission as it stands: `sequence`, `status` of the latest decision (0, queued: none).

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
    heard: Heard = NOTHING_HEARD
    campaign_id: str = ""  # of the one that is shown; loaded where people decide
