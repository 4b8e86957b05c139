"""Values with sensible defaults: a test names only what it is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from moderator.domain.check import AuthorHistory, Context, Sibling, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.copies.places import with_words
from moderator.domain.history.reputation import Reputation
from moderator.domain.site import Site
from moderator.domain.submission import (
    Author,
    Format,
    Kind,
    Linkback,
    Post,
    Request,
    Submission,
)
from moderator.intake.linkback import pingback

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BLOG = "https://blog.example.org"
POST = Post(id="7", url=f"{BLOG}/2026/03/the-river", title="The river")
ALICE = Author(name="Alice", email="alice@example.org", ip="192.0.2.10")
BOB = Author(name="Bob", email="bob@example.org", ip="192.0.2.20")


def a_site(**changes: object) -> Site:
    defaults: dict[str, object] = {
        "id": "blog",
        "name": "A blog",
        "url": BLOG,
        "hosts": frozenset({"blog.example.org"}),
    }
    return Site(**(defaults | changes))  # type: ignore[arg-type]  # named by the test


def a_submission(text: str = "The bridge was finished in 1911.", **changes: object) -> Submission:
    defaults: dict[str, object] = {
        "id": "0001",
        "site_id": "blog",
        "platform_id": "1",
        "kind": Kind.COMMENT,
        "content": text,
        "format": Format.TEXT,
        "text": text,
        "created_at": NOON,
        "received_at": NOON + timedelta(seconds=1),
        "author": ALICE,
        "post": POST,
        "request": Request(),
    }
    return Submission(**(defaults | changes))  # type: ignore[arg-type]  # named by the test


def a_pingback(source: str, excerpt: str = "", **changes: object) -> Submission:
    linkback = Linkback(protocol="pingback", source=source, target=POST.url, excerpt=excerpt)
    author = Author(name="A page elsewhere", url=source)
    given: dict[str, object] = {"kind": pingback.KIND, "author": author, "linkback": linkback}
    return a_submission(excerpt, **(given | changes))


def a_sibling(platform_id: str = "1", **changes: object) -> Sibling:
    defaults: dict[str, object] = {
        "id": f"id-{platform_id}",
        "platform_id": platform_id,
        "created_at": NOON,
        "status": "queued",
    }
    return Sibling(**(defaults | changes))  # type: ignore[arg-type]  # named by the test


def again_at_place(submission: Submission, status: str = "approved", **changes: object) -> Sibling:
    """What those at the same place are told of a submission."""
    sibling = a_sibling(
        submission.platform_id,
        **({"id": submission.id, "created_at": submission.created_at, "status": status} | changes),
    )
    return with_words(sibling, Facts(submission))


def a_context(
    *siblings: Sibling,
    at_place: Sequence[Sibling] = (),
    site: Site | None = None,
    history: AuthorHistory | None = None,
    is_near_known: bool = True,
    hosts: dict[str, Reputation] | None = None,
    text_score: TextScore | None = None,
) -> Context:
    return Context(
        site=site or a_site(),
        now=NOON + timedelta(minutes=1),
        siblings=tuple(siblings),
        at_place=tuple(at_place),
        is_near_known=is_near_known,
        author_history=history or AuthorHistory(),
        hosts=hosts or {},
        text_score=text_score,
    )
