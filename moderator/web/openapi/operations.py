"""What our own endpoints take and answer.

Shapes are those of schemas.py, refusals those of the error table; what is written here is what no
code says by itself. A route without a row, here or in others.py, fails the contract test.
"""

from moderator.web.openapi import others
from moderator.web.openapi.fields import IDEMPOTENCY, Field
from moderator.web.openapi.operation import (
    EVENTS,
    OURSELVES,
    PUBLIC,
    SENT,
    WHO,
    Answer,
    Body,
    Operation,
    of_shape,
    of_text,
)

RECEIPTS = {
    202: of_shape("Receipt", "Stored: committed to the database before this was answered"),
    200: of_shape("Receipt", "Known already; nothing was added"),
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
        {200: of_shape("BulkAnswer", "What became of each")},
        Body(shape="Bulk", example={"events": [EVENT]}), (IDEMPOTENCY,),
        (401, *SENT), is_open=False,
        notes="A signed request needs `X-Site-Id`.",
    ),
    "check": Operation(
        EVENTS, "Send one event, and wait for its verdict",
        {200: of_shape("CheckAnswer", "The verdict, or a hold that is not final")},
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
        {200: of_shape("SubmissionStatus", "Where it stands")},
        parameters=(Field("platform_id", "The blog's id of the comment"),),
        refuses=(401, 404), is_open=False,
    ),
    "show_submission": Operation(
        EVENTS, "See a submission, by our id",
        {200: of_shape("SubmissionStatus", "Where it stands")},
        refuses=(401, 404), is_open=False,
    ),
    "healthz": Operation(
        OURSELVES, "Does the process answer?", {200: of_shape("Alive", "It does")},
    ),
    "readyz": Operation(
        OURSELVES, "Can it take what is sent?",
        {
            200: of_shape("Ready", "The database answers; workers may be silent"),
            503: of_shape("NotReady", "The database does not"),
        },
    ),
    "metrics": Operation(
        OURSELVES, "What it did, and how it stands",
        {200: of_text("In Prometheus' text format; the same from every process")},
        refuses=(401,), is_open=False,
        notes="With the bearer token of the setting `METRICS_TOKEN`; without one there is no such"
        " page.",
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
    {200: of_shape("MentionCount", "At most a thousand are counted"), **SAME},
    parameters=(Field("target", "The address of the page", is_required=True),),
    refuses=(404, 422, 429),
)  # fmt: skip
LINKS = Operation(
    PUBLIC, "Linkbacks of a page, in the older shape",
    {200: of_shape("MentionLinks", "The newest first"), **SAME},
    parameters=(*PAGE, Field("perPage", "At most 100", kind="integer", limits={"minimum": 1})),
    refuses=(404, 422, 429),
)  # fmt: skip
FEEDS = {
    "feed_jf2": Operation(
        PUBLIC, "Approved linkbacks of a page, as JF2",
        {200: of_shape("MentionFeed", "The newest first, in the shape of webmention.io"), **SAME},
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


def operations() -> dict[str, Operation]:
    """By the names of the endpoints among the application's routes."""
    return OURS | FEEDS | others.operations()
