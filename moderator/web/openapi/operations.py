"""What each endpoint takes and answers, in the order of the page that shows it.

Shapes are those of schemas.py, refusals those of the error table; what is written here is what no
code says by itself. A route without a row here fails the contract test.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from moderator.domain.submission import Kind
from moderator.intake.linkback import LINKBACK_PROTOCOLS
from moderator.web.answers import JSON
from moderator.web.openapi.fields import (
    AKISMET_COMMENT,
    AKISMET_GUID,
    AKISMET_KEY,
    IDEMPOTENCY,
    LINKBACK,
    Field,
)

TEXT = "text/plain; charset=utf-8"
XML = "text/xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"
EVENTS, LINKBACKS, PUBLIC, AKISMET, OURSELVES = TAGS = (
    "Submissions", "Linkbacks", "Feeds", "Akismet", "The service",
)  # fmt: skip
WHO = (401, 403)
SENT = (409, 411, 415, 422, 429)


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered: a shape of schemas.py, a form's fields, or bare text."""

    media: str = JSON
    shape: str = ""
    form: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()  # all that the text can be, where that is few
    example: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    says: str
    bodies: tuple[Body, ...] = ()
    headers: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint; `refuses` are the statuses of problems beside those that any request meets."""

    tag: str
    summary: str
    answers: Mapping[int, Answer]
    takes: Body | None = None
    parameters: tuple[Field, ...] = ()
    refuses: tuple[int, ...] = ()
    is_open: bool = True  # to anybody; else a bearer key or a signature is needed
    notes: str = ""


def _shape(name: str, says: str) -> Answer:
    return Answer(says, (Body(shape=name),))


def _text(says: str, *words: str, headers: tuple[Field, ...] = ()) -> Answer:
    return Answer(says, (Body(TEXT, words=words),), headers)


RECEIPTS = {
    202: _shape("Receipt", "Stored: committed to the database before this was answered"),
    200: _shape("Receipt", "Known already; nothing was added"),
}
EVENT = {
    "type": "comment.created",
    "timestamp": "2026-03-04T12:00:00Z",
    "data": {
        "site": {"id": "demo"},
        "comment": {
            "id": "12",
            "type": "comment",
            "content": {"raw": "Well said!", "format": "text"},
        },
        "author": {"name": "Alice", "email": "alice@example.org", "ip": "192.0.2.10"},
        "post": {"url": "https://blog.example.org/2026/03/the-river"},
    },
}
ONE = Body(shape="Envelope", example=EVENT)
SAME = {304: Answer("It is as `If-None-Match` says it was")}
OURS = {
    "submit": Operation(
        EVENTS, "Send one event", RECEIPTS, ONE, (IDEMPOTENCY,),
        (*WHO, 404, *SENT), is_open=False,
    ),
    "submit_bulk": Operation(
        EVENTS, "Send up to 100 events, each answered on its own",
        {200: _shape("BulkAnswer", "What became of each")},
        Body(shape="Bulk", example={"events": [EVENT]}), (IDEMPOTENCY,),
        (401, *SENT), is_open=False,
        notes="A signed request needs `X-Site-Id`.",
    ),
    "check": Operation(
        EVENTS, "Send one event, and wait for its verdict",
        {200: _shape("CheckAnswer", "The verdict, or a hold that is not final")},
        ONE,
        (
            Field("wait_ms", "How long to wait, in milliseconds", kind="integer",
                  limits={"minimum": 100, "maximum": 10_000, "default": 1_000}),
            Field("dry", "Store, count and learn nothing", kind="string",
                  limits={"enum": ["true", "false", "1", "0"]}),
            IDEMPOTENCY,
        ),
        (*WHO, 404, *SENT), is_open=False,
    ),
    "find_submission": Operation(
        EVENTS, "See a submission, by the blog's id",
        {200: _shape("SubmissionStatus", "Where it stands")},
        parameters=(Field("platform_id", "The blog's id of the comment"),),
        refuses=(401, 404), is_open=False,
    ),
    "show_submission": Operation(
        EVENTS, "See a submission, by our id",
        {200: _shape("SubmissionStatus", "Where it stands")},
        refuses=(401, 404), is_open=False,
    ),
    "healthz": Operation(
        OURSELVES, "Does the process answer?", {200: _shape("Alive", "It does")},
    ),
    "readyz": Operation(
        OURSELVES, "Can it take what is sent?",
        {
            200: _shape("Ready", "The database answers; workers may be silent"),
            503: _shape("NotReady", "The database does not"),
        },
    ),
    "openapi.document": Operation(
        OURSELVES, "This document", {200: Answer("OpenAPI 3.1", (Body(shape="Any"),)), **SAME},
    ),
}  # fmt: skip

PAGE = (
    Field("target", "The address of a page; several are `target[]`"),
    Field("domain", "Instead of it: all pages of the site with this host"),
    Field("page", "From 0 on", kind="integer", limits={"minimum": 0}),
    Field("since_id", "Only what came later than the one with this `wm-id`", kind="integer",
          limits={"minimum": 0}),
    Field("sort-dir", "`up`: the oldest first", limits={"enum": ["up", "down"]}),
)  # fmt: skip
COUNT = Operation(
    PUBLIC, "How many linkbacks a page has",
    {200: _shape("MentionCount", "At most a thousand are counted"), **SAME},
    parameters=(Field("target", "The address of the page", is_required=True),),
    refuses=(404, 422, 429),
)  # fmt: skip
LINKS = Operation(
    PUBLIC, "Linkbacks of a page, in the older shape",
    {200: _shape("MentionLinks", "The newest first"), **SAME},
    parameters=(*PAGE, Field("perPage", "At most 100", kind="integer", limits={"minimum": 1})),
    refuses=(404, 422, 429),
)  # fmt: skip
FEEDS = {
    "feed_jf2": Operation(
        PUBLIC, "Approved linkbacks of a page, as JF2",
        {200: _shape("MentionFeed", "The newest first, in the shape of webmention.io"), **SAME},
        parameters=(*PAGE, Field("per-page", "At most 100", kind="integer", limits={"minimum": 1})),
        refuses=(404, 422, 429),
        notes="Only of sites that switched it on (`moderator site set --feed on`).",
    ),
    "feed_json": LINKS,
    "feed_mentions": LINKS,
    "feed_links": LINKS,
    "feed_count": COUNT,
    "feed_count_json": COUNT,
}  # fmt: skip

KEYLESS = "`invalid`, with the reason in `X-akismet-debug-help`, is said to who has no key."
_VERDICT = _text(
    "`true` is spam, `false` is not; beside `X-akismet-recheck-after` it is a hold. Also what is"
    " missing, or `invalid`",
    headers=AKISMET_GUID,
)
_TOLD = _text("Thanks, or what is missing, or `invalid`")
_JSON_OR_INVALID = Answer("The figures, or `invalid`", (Body(shape="Any"), Body(TEXT)))
_ASKED = Body(FORM, form=(*AKISMET_KEY, *AKISMET_COMMENT))
_KEYED = Body(FORM, form=AKISMET_KEY)
_UNREADABLE = (415,)
OF_AKISMET = {
    "/1.1/comment-check": ("Is this comment spam?", _VERDICT, _ASKED),
    "/1.1/submit-spam": ("This comment is spam", _TOLD, _ASKED),
    "/1.1/submit-ham": ("This comment is none", _TOLD, _ASKED),
    "/1.1/verify-key": ("Is this key good?", _text("`valid` or `invalid`"), _KEYED),
    "/1.1/get-stats": ("What was told, month by month", _JSON_OR_INVALID, _KEYED),
    "/1.1/get-subscription": ("Whose key it is", _JSON_OR_INVALID, _KEYED),
    "/1.1/token": ("A name of the key", _text("32 hex digits, or `invalid`"), _KEYED),
    "/1.1/deactivate": ("A blog that stops to ask", _text("`deactivated`, or `invalid`"), _KEYED),
    "/1.1/test": ("Is anybody there?", _text("It is", "connected"), None),
    "/1.2/usage-limit": ("This month's calls", _JSON_OR_INVALID, _KEYED),
    "/1.2/key-sites": (
        "The blogs that asked with this key",
        Answer(
            "A page of them, or `invalid`",
            (Body(shape="Any"), Body(TEXT), Body("text/csv")),
        ),
        _KEYED,
    ),
    "/1.2/get-key-stats": ("What was told, month by month", _JSON_OR_INVALID, _KEYED),
    "/1.2/compatible-plugins": ("None", Answer("None", (Body(shape="Any"),)), None),
}
STATUS_PAGE = Answer("Where it stands", (Body(shape="LinkbackStatus"), Body(HTML)))
CALLS = {
    "pingback": Body("text/xml"),
    "trackback": Body(FORM, form=LINKBACK["trackback"]),
    "webmention": Body(FORM, form=LINKBACK["webmention"]),
}
SAID = {
    "pingback": {200: Answer("A string, or a fault with its number", (Body(XML),))},
    "trackback": {200: Answer("`<error>0</error>`, or 1 and why", (Body(XML),))},
    "webmention": {
        201: _text("Taken", headers=(Field("Location", "A page that says how it stands"),)),
        400: Answer("What is wrong with it", (Body(TEXT), Body("application/problem+json"))),
    },
}
OTHERS_SAY = {200: Answer("The protocol's own answer"), 400: Answer("What is wrong with it")}


def operations() -> dict[str, Operation]:
    """By the names of the endpoints among the application's routes."""
    return OURS | FEEDS | _akismet() | _linkbacks()


def _akismet() -> dict[str, Operation]:
    return {
        f"akismet{path.replace('.', '_')}": Operation(
            AKISMET,
            summary,
            {200: answer},
            takes,
            refuses=_UNREADABLE if takes else (),
            notes=KEYLESS if takes else "",
        )
        for path, (summary, answer, takes) in OF_AKISMET.items()
    }


def _linkbacks() -> dict[str, Operation]:
    found = {}
    for protocol in LINKBACK_PROTOCOLS:
        kind = protocol.KIND
        found[f"door_{kind}"] = _door(kind)
        if protocol.HAS_STATUS_PAGES:
            found[f"status_{kind}"] = Operation(
                LINKBACKS, f"How a {kind} stands", {200: STATUS_PAGE}, refuses=(404,)
            )
    return found


def _door(kind: Kind) -> Operation:
    name = str(kind)
    takes = CALLS.get(name, Body("application/octet-stream"))
    parameters: tuple[Field, ...] = ()
    if name == "trackback":
        parameters = (Field("target", "The address of the post that is linked to"),)
    return Operation(
        LINKBACKS,
        f"Send a {kind}",
        SAID.get(name, OTHERS_SAY),
        takes,
        parameters,
        refuses=(404, 415, 429),
    )
