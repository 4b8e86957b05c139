"""What became of a submission of the past."""

from dataclasses import dataclass

from moderator.domain.finding import Finding
from moderator.domain.submission import Submission
from moderator.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PastSubmission:
    """A submission and its wire status."""

    submission: Submission
    status: str


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """A submission, what the rules said of it last, and what people did; None where nobody did."""

    submission: Submission
    verdict: Verdict
    score: float
    findings: tuple[Finding, ...]
    by_person: Verdict | None = None
