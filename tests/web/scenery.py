"""The demo texts with decisions as the checks would leave them, so that pages can be looked at."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import delete, update

from moderator.commands.demo_texts import demo_submissions
from moderator.domain.finding import Finding, Signal
from moderator.domain.submission import Submission
from moderator.intake.linkback import pingback
from moderator.storage.base.database import Database
from moderator.storage.base.times import to_ms
from moderator.storage.schema.tables import deliveries, queue
from tests.builders import a_submission
from tests.stock import stock

QUIET = (
    Finding("honeypot", Signal.NEUTRAL, "The honeypot field was left empty"),
    Finding("densities", Signal.NEUTRAL, "Nothing unusual in how it is written"),
)
SAME_TEXT = Finding(
    "duplicate", Signal.NEUTRAL, "Nobody on this site sent this text before", "first_of_its_kind"
)
LINKED = Finding(
    "source_link",
    Signal.HAM,
    "The source links to the target",
    "linked",
    -0.1,
    {"link": "https://blog.example.org/2026/03/they-sold-our-tram", "status": 200},
)


def furnish(database: Database, site_id: str, now: datetime) -> list[Submission]:
    """Store every demo text with its decision; most callbacks have arrived."""
    numbers = count(1)
    submissions = demo_submissions(
        site_id, now=now, entropy=lambda size: next(numbers).to_bytes(size, "big")
    )
    original = submissions[0]
    for submission in submissions:
        stock(database, submission, *_findings(submission, original))
    with database.write() as connection:
        connection.execute(delete(queue))
        connection.execute(
            update(deliveries)
            .where(deliveries.c.created_at < to_ms(now - timedelta(minutes=3)))
            .values(
                state="delivered", tries=1, last_status=200, finished_at=deliveries.c.created_at
            )
        )
        connection.execute(
            update(deliveries)
            .where(deliveries.c.submission_id == submissions[-2].id)
            .values(
                state="waiting",
                finished_at=None,
                tries=2,
                last_status=503,
                last_error="the blog is being updated",
            )
        )
    return submissions


def _findings(submission: Submission, original: Submission) -> tuple[Finding, ...]:
    if submission.kind == pingback.KIND:
        return _of_pingback(submission, original)
    if submission.request.honeypot_value:
        return (*_of_advertising(submission, 0.35), _trap(submission), SAME_TEXT)
    if "support" in submission.author.email:
        return (*_of_advertising(submission, 0.3), SAME_TEXT, QUIET[0])
    if "furniture" in submission.author.name:
        return (*_of_advertising(submission, 0.25), SAME_TEXT, *QUIET)
    return _of_honest(submission)


def _of_honest(submission: Submission) -> tuple[Finding, ...]:
    if submission.author.name == "Pavel":
        cut: dict[str, object] = {
            "links": [{"url": submission.text.split()[11], "fate": "cut_off"}]
        }
        reason = "A link ends in an ellipsis: it was cut off when it was copied"
        return (Finding("links", Signal.SUSPECT, reason, "cut_off_link", 0.1, cut), *QUIET)
    if submission.author.provider:
        past: dict[str, object] = {"approved_by_person": 3}
        reason = "The author was approved by a person 3 times before"
        return (Finding("author_history", Signal.HAM, reason, "known_author", -0.2, past), *QUIET)
    return (SAME_TEXT, *QUIET)


def _of_pingback(submission: Submission, original: Submission) -> tuple[Finding, ...]:
    assert submission.linkback is not None
    if submission.linkback.source.startswith("https://blog.example.org"):
        reason = "The blog links to itself: the source is on the site's own host blog.example.org"
        evidence: dict[str, object] = {"host": "blog.example.org"}
        return (Finding("self_ping", Signal.REDUNDANT, reason, "self_ping", 0.0, evidence), LINKED)
    if submission.id == original.id:
        return (LINKED, SAME_TEXT)
    assert original.linkback is not None
    evidence = {
        "duplicate_of": original.id,
        "similarity": 1.0,
        "original_source": original.linkback.source,
    }
    reason = "The same excerpt came before from https://letters.example.net, under another address"
    return (Finding("duplicate", Signal.REDUNDANT, reason, "duplicate", 0.0, evidence), LINKED)


def _trap(submission: Submission) -> Finding:
    reason = "A form field that no person sees was filled in"
    value: dict[str, object] = {"field": "website2", "value": submission.request.honeypot_value}
    return Finding("honeypot", Signal.SPAM, reason, "honeypot_filled", 1.0, value)


def _of_advertising(submission: Submission, weight: float) -> tuple[Finding, ...]:
    listed: dict[str, object] = {"words": ["support line", "call +1-555"], "where": "text"}
    looks: dict[str, object] = {"author_url": submission.author.url, "name_is_a_keyword": True}
    return (
        Finding(
            "lists",
            Signal.SUSPECT,
            "Phrases that advertisers use, and few others",
            "advertising_words",
            weight,
            listed,
        ),
        Finding(
            "densities",
            Signal.SUSPECT,
            "The author's name is what is being sold",
            "keyword_name",
            0.22,
            looks,
        ),
    )


def at_another_time(submission: Submission, number: int, now: datetime) -> Submission:
    """The same again, as another submission."""
    return replace(
        submission,
        id=f"{number:032x}",
        platform_id=f"again-{number}",
        created_at=now - timedelta(seconds=number),
        received_at=now - timedelta(seconds=number),
    )


def let_through(database: Database, text: str = "Lovely tramway.", number: int = 14) -> str:
    """One that the machine approved today; returns its id."""
    now = database.now()
    unsure = Finding("spam_text", Signal.SUSPECT, "A little like spam", "doubtful_text", 0.3)
    submission = a_submission(
        text, id=f"{number:x}" * 32, platform_id=f"new-{number}", received_at=now, created_at=now
    )
    return stock(database, submission, unsure).id
