"""A comment as an export of another program has it, and the record that is made of it.

What every format shares is here: values are cleaned as those of a webhook are, but what a webhook
would be refused for costs one record, and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moderator.domain.content.fingerprint import digest
from moderator.domain.decisions.conclude import bound_by
from moderator.domain.decisions.exported import IMPORT, SubmissionRecord, SubmissionState
from moderator.domain.decisions.moderation import EarlierDecision
from moderator.domain.ids import new_id
from moderator.domain.submission import Author, Format, Kind, Linkback, Post, Submission
from moderator.domain.text.markup import plain
from moderator.domain.verdict import (
    QUEUED,
    VERDICT_OF_STATUS,
    Decider,
    DeciderKind,
    Decision,
    Reason,
    RecordedDecision,
)
from moderator.intake import fields, kinds
from moderator.intake.webhook.reader import CONTENT_LIMIT, TITLE_LIMIT
from moderator.intake.webhook.schema import NAME_LIMIT

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # an earlier date was never filled in
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MAX_TAGS = 200
LINKBACKS = {str(kind): kind for kind in kinds() if kind.is_linkback}
DONE = {"approved": "published", "hold": "waiting", "spam": "spam", "trash": "thrown away"}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record of a file that is not imported, and why, in words that people count by."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExportedComment:
    """What a format says of a comment, as it says it; `status` is ours.

    `is_decided`: a person's word stands behind the status. `linkback` names the protocol, then
    `source` is the page that links. `created` is None where the file has no date.
    """

    id: str
    status: str
    content: str
    format: Format
    created: datetime | None
    is_decided: bool = True
    parent: str = ""
    author: Author = field(default_factory=Author)
    post: Post = field(default_factory=Post)
    link: str = ""
    linkback: str = ""
    source: str = ""
    title: str = ""
    excerpt: str = ""
    native: str = ""
    lang: str = ""


@dataclass(slots=True)
class ImportedSite:
    """Whose comments they are, when, and from what; `url` is the blog's.

    What has no date is as old as what came before it in the file.
    """

    site_id: str
    now: datetime
    format: str
    url: str = ""
    before: datetime = EARLIEST

    def record(self, given: ExportedComment) -> SubmissionRecord | PassedOver:
        wrong = _wrong(given)
        if wrong:
            return PassedOver(wrong)
        submission = self._submission(given)
        decision = _decision(given, self.format)
        state = _state(submission, decision)
        recorded = RecordedDecision(
            id=f"{submission.id}-1",
            submission_id=submission.id,
            sequence=1,
            decided_at=submission.created_at,
            previous_status=QUEUED,
            decision=decision,
        )
        return SubmissionRecord(submission, state, (EarlierDecision(recorded, ()),))

    def _submission(self, given: ExportedComment) -> Submission:
        when = self._when(given.created)
        id_ = sound(given.id)
        mixed = bytes.fromhex(digest(f"{self.site_id} {id_}"))[:10]
        kind = _kind(given)
        content = sound(given.content)
        post = _post(given.post, self.url)
        return Submission(
            id=new_id(when, mixed),
            site_id=self.site_id,
            platform_id=id_,
            kind=kind,
            content=content,
            format=given.format,
            text=plain(content, given.format),
            created_at=when,
            received_at=when,
            author=_author(given.author),
            post=post,
            linkback=_linkback(given, kind, post),
            parent_id=sound(given.parent)[:NAME_LIMIT],
            status=given.status,
            status_native=fields.one_line(given.native, NAME_LIMIT),
            link=_given(given.link, fields.page_of_site),
            lang=fields.one_line(given.lang, NAME_LIMIT),
        )

    def _when(self, created: datetime | None) -> datetime:
        if created is None or created < EARLIEST:
            created = self.before
        self.before = min(created, self.now)
        return self.before


def sound(text: str) -> str:
    """The text without what no database takes: halves of pairs, NUL."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _wrong(given: ExportedComment) -> str:
    if not given.id or len(given.id) > NAME_LIMIT or fields.has_controls(given.id):
        return "without an id that could be used"
    if given.status not in VERDICT_OF_STATUS:
        return "of a status that is not known"
    if len(given.content) > CONTENT_LIMIT:
        return f"longer than {CONTENT_LIMIT:,} characters"
    if not given.content.strip() and not given.linkback:
        return "without a text"
    return ""


def _kind(given: ExportedComment) -> Kind:
    if given.linkback:
        return LINKBACKS[given.linkback]
    return Kind.REPLY if given.parent else Kind.COMMENT


def _author(given: Author) -> Author:
    return Author(
        id=fields.one_line(sound(given.id), NAME_LIMIT),
        name=fields.person_name(sound(given.name), TITLE_LIMIT),
        email=_given(sound(given.email), fields.address_of_mail),
        url=_given(sound(given.url), fields.address_of_web),
        ip=_given(given.ip, fields.address_of_network),
        user_agent=fields.one_line(sound(given.user_agent), TITLE_LIMIT),
        role=fields.one_line(given.role, NAME_LIMIT),
        provider=fields.one_line(given.provider, NAME_LIMIT),
        is_authenticated=given.is_authenticated,
    )


def _post(given: Post, blog: str) -> Post:
    """Many formats know the path of a page and not its host."""
    url = f"{blog.rstrip('/')}{given.url}" if given.url.startswith("/") and blog else given.url
    return Post(
        id=fields.one_line(sound(given.id), NAME_LIMIT),
        url=_given(sound(url), fields.page_of_site),
        title=fields.person_name(sound(given.title), TITLE_LIMIT),
        tags=tuple(fields.one_line(sound(tag), NAME_LIMIT) for tag in given.tags[:MAX_TAGS]),
        published=given.published,
    )


def _linkback(given: ExportedComment, kind: Kind, post: Post) -> Linkback | None:
    if not given.linkback:
        return None
    return Linkback(
        protocol=str(kind),
        source=_given(sound(given.source), fields.address_of_web),
        target=post.url,
        source_title=fields.person_name(sound(given.title), TITLE_LIMIT),
        excerpt=sound(given.excerpt)[:CONTENT_LIMIT],
    )


def _given(value: str, read: Callable[[str], str]) -> str:
    """An odd value costs the field, not the comment."""
    try:
        return read(value) if value else ""
    except ValueError:
        return ""


def _decision(given: ExportedComment, source: str) -> Decision:
    """What stands at the blog: a person's word, or nobody's yet."""
    kind = DeciderKind.BLOG if given.is_decided else DeciderKind.RULE
    reason = Reason("imported", f"Imported from {source}: {DONE[given.status]} there")
    return Decision(VERDICT_OF_STATUS[given.status], Decider(kind, IMPORT, "the blog"), (reason,))


def _state(submission: Submission, decision: Decision) -> SubmissionState:
    status, at = decision.verdict.status, (submission.created_at - EPOCH) // MILLISECOND
    is_by_person = decision.decided_by.kind.is_person
    return SubmissionState(
        sequence=1,
        status=status,
        decided_by=decision.decided_by.kind.value,
        decided_status=status,
        edited_at=at,
        blog_decided_at=at if is_by_person else 0,
        bound_by=bound_by(decision),
        heard_status=status,
        heard_sequence=1,
    )
