"""What a linkback says is known once its source was read: the verification's evidence tells it."""

from dataclasses import dataclass, replace

from moderator.domain.finding import Evidence, Finding
from moderator.domain.submission import Submission
from moderator.domain.urls.hosts import registrable
from moderator.domain.urls.parse import read

SOURCE_LINK = "source_link"
FOUND = frozenset({"linked", "linked_flagged"})


@dataclass(frozen=True, slots=True)
class ReadSource:
    """What was found by asking outside, and what the submission says by it now.

    `content_version` is the text that was asked about: about another one this says nothing.
    """

    submission: Submission
    findings: tuple[Finding, ...]
    content_version: int


def source_finding(findings: tuple[Finding, ...]) -> Finding | None:
    """What the verification of the source found, if it was made."""
    return next((finding for finding in findings if finding.check == SOURCE_LINK), None)


def is_found(finding: Finding | None) -> bool:
    """Whether the link stood in the source when this was found."""
    return finding is not None and finding.code in FOUND


def is_unread(submission: Submission) -> bool:
    """Whether a claim came to a linkback endpoint and its source was not read yet."""
    linkback = submission.linkback
    return submission.by_door and linkback is not None and not linkback.relation


def with_source_content(submission: Submission, evidence: Evidence) -> Submission:
    """The submission with what its source says; some protocols keep the sender's own words."""
    linkback, author = submission.linkback, submission.author
    if linkback is None:
        return submission
    has_words = bool(linkback.source_title or linkback.excerpt)
    is_told = submission.kind.keeps_words and has_words
    excerpt = linkback.excerpt if is_told else _said(evidence, "excerpt")
    name = author.name if is_told and author.name else _said(evidence, "author")
    return replace(
        submission,
        content=excerpt,
        text=excerpt,
        author=replace(author, name=name),
        linkback=replace(
            linkback,
            source_title=linkback.source_title if is_told else _said(evidence, "title"),
            excerpt=excerpt,
            relation=_said(evidence, "relation") or "mention",
        ),
    )


def source_lane(submission: Submission) -> str:
    """Whose sources wait together: one site's from one registrable domain; '' for comments."""
    source = read(submission.linkback.source) if submission.linkback is not None else None
    return "" if source is None else f"{submission.site_id} {registrable(source.host)}"


def wait_of(finding: Finding) -> float:
    """Seconds to wait, when the source was not asked because it was asked often enough."""
    return float(str(finding.evidence.get("retry_after") or 0))


def _said(evidence: Evidence, name: str) -> str:
    return str(evidence.get(name, ""))
