"""The shapes of what is sent and answered, as JSON Schema: those of the code, by msgspec.

What an endpoint puts together from several values has no class of its own; its shape stands here,
and tests hold real answers to it.
"""

from inspect import cleandoc
from typing import Annotated, Any, Literal  # a schema is JSON

import msgspec

from moderator.domain.errors import StorageCause
from moderator.domain.pages.api import SubmissionStatus
from moderator.domain.submission import Kind
from moderator.domain.verdict import VERDICT_OF_STATUS, Decider, Reason
from moderator.intake import kinds
from moderator.intake.webhook.events import BULK_EVENTS
from moderator.intake.webhook.schema import NAME_LIMIT, Envelope
from moderator.web.openapi.feed_shapes import MentionCount, MentionFeed, MentionLinks

Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Final = Literal["approved", "hold", "spam", "trash"]


class ProblemField(msgspec.Struct):
    """One wrong field: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


class Problem(msgspec.Struct):
    """Problem details (RFC 9457). It never repeats a value that was sent."""

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, msgspec.Meta(ge=400, le=599)]
    detail: str | msgspec.UnsetType = msgspec.UNSET
    errors: list[ProblemField] | msgspec.UnsetType = msgspec.UNSET


class Receipt(msgspec.Struct):
    """Our id of what was stored, now or before."""

    id: Id
    status: Literal["queued", "erased"]


class Bulk(msgspec.Struct):
    """Events, each answered on its own."""

    events: Annotated[list[Envelope], msgspec.Meta(min_length=1, max_length=BULK_EVENTS)]


class BulkResult(msgspec.Struct):
    """How one event of a bulk fared, by its place in it."""

    index: int
    status: int
    id: Id | msgspec.UnsetType = msgspec.UNSET
    state: Literal["queued", "erased"] | msgspec.UnsetType = msgspec.UNSET
    problem: Problem | msgspec.UnsetType = msgspec.UNSET


class BulkAnswer(msgspec.Struct):
    """In the order of the events."""

    results: list[BulkResult]


class Thresholds(msgspec.Struct):
    """From which scores a site holds and calls spam."""

    hold: float
    spam: float


class CheckAnswer(msgspec.Struct):
    """A verdict; or `hold` and not final, where it was not decided in time."""

    status: Literal["approved", "hold", "spam", "trash", "erased"]
    final: bool
    id: Id | msgspec.UnsetType = msgspec.UNSET
    dry: Literal[True] | msgspec.UnsetType = msgspec.UNSET
    decided_by: Decider | msgspec.UnsetType = msgspec.UNSET
    reasons: list[Reason] | msgspec.UnsetType = msgspec.UNSET
    score: float | msgspec.UnsetType = msgspec.UNSET
    thresholds: Thresholds | msgspec.UnsetType = msgspec.UNSET
    policy_version: int | msgspec.UnsetType = msgspec.UNSET


class BlogSpamAnswer(msgspec.Struct):
    """In the words of blogspam.net; `reason` is plain text."""

    result: Literal["SPAM", "OK", "ERROR"]
    version: str
    reason: str | msgspec.UnsetType = msgspec.UNSET
    blocker: str | msgspec.UnsetType = msgspec.UNSET


class LinkbackStatus(msgspec.Struct):
    """How a linkback stands, for who sent it."""

    id: Id
    status: Literal["queued", "approved", "hold", "rejected"]
    detail: str


class Alive(msgspec.Struct):
    """The process answers."""

    status: Literal["ok"]


class Ready(msgspec.Struct):
    """The database answers; `silent` names kinds of workers that gave no sign of life."""

    database: Literal["ok"]
    workers: Literal["ok", "silent"]
    silent: list[str]


class NotReady(msgspec.Struct):
    """The database does not do it, and why."""

    database: Literal["down"]
    cause: StorageCause
    detail: str


class VerdictComment(msgspec.Struct):
    """`exists` is false for a linkback that the blog has no comment of."""

    id: str
    type: str
    exists: bool


class VerdictSite(msgspec.Struct):
    """Whose comment it is."""

    id: str


class VerdictAuthor(msgspec.Struct):
    """A stranger's words: escape them."""

    name: str
    url: str


class VerdictLinkback(msgspec.Struct):
    """What a comment row of a linkback needs. Every value is a stranger's text: escape it."""

    protocol: str
    type: str
    source: str
    target: str
    title: str
    excerpt: str
    author: VerdictAuthor


class VerdictData(msgspec.Struct):
    """What is told to the blog, and all that moved us."""

    verdict_id: str
    submission_id: str
    sequence: int
    final: bool
    site: VerdictSite
    comment: VerdictComment
    ref: str
    linkback: VerdictLinkback | None
    status: Final
    status_native: str
    previous_status: str
    expected_status: str
    decided_by: Decider
    reasons: list[Reason]
    score: float
    thresholds: Thresholds
    policy_version: int
    duplicate_of: str | None
    campaign_id: str | None


class Callback(msgspec.Struct):
    """A signed request from us to the blog."""

    type: Literal["verdict.issued", "verdict.revised", "linkback.updated", "linkback.removed"]
    timestamp: str
    data: VerdictData


SHAPES = (
    Alive,
    BlogSpamAnswer,
    Bulk,
    BulkAnswer,
    Callback,
    CheckAnswer,
    Envelope,
    LinkbackStatus,
    MentionCount,
    MentionFeed,
    MentionLinks,
    NotReady,
    Problem,
    Ready,
    Receipt,
    SubmissionStatus,
)


def components() -> dict[str, object]:
    """Every shape by its name, with those that it is made of."""
    _, found = msgspec.json.schema_components(
        SHAPES, ref_template="#/components/schemas/{name}", schema_hook=_schema_of
    )
    _say_what_is_read(found)
    for shape in found.values():
        if "description" in shape:
            shape["description"] = cleandoc(shape["description"])
    return dict(sorted(found.items()))


def _say_what_is_read(found: dict[str, Any]) -> None:
    """What the shape takes as a string, and the reader (intake/webhook/reader.py) as one of few."""
    comment = found["Comment"]["properties"]
    comment["type"]["anyOf"][0]["enum"] = [str(kind) for kind in kinds()]
    comment["status"]["anyOf"][0]["enum"] = list(VERDICT_OF_STATUS)
    for shape, name in (("Post", "url"), ("Comment", "link"), ("Linkback", "target")):
        found[shape]["properties"][name]["anyOf"][0]["format"] = "uri"
    comment["id"]["anyOf"][0] |= {"minLength": 1, "maxLength": NAME_LIMIT}


def _schema_of(kind: type) -> dict[str, object]:
    """What msgspec knows no schema for."""
    if kind is Kind:
        return {"type": "string", "enum": [str(each) for each in kinds()]}
    return {"description": "Any JSON value"}  # evidence, ext
