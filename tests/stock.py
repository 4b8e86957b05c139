"""Puts submissions with their decisions into a database, as the workers would have left them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from moderator.domain.decisions.decision_write import CallbackEvent, DecisionWrite
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import (
    CampaignMatcher,
    CampaignMember,
    Membership,
    Relative,
    campaign_id,
    shape,
)
from moderator.domain.policy import decide
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, RecordedDecision
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.base.times import to_ms
from moderator.storage.campaigns import leave, write_joins
from moderator.storage.decisions.write import write_decisions
from moderator.storage.people.sites import SiteRows
from moderator.storage.schema.tables import submissions
from moderator.storage.submission_rows import content_row
from tests.builders import NOON, a_site

STOCKED = (
    "kind", "payload", "text_key", "author_key", "target_key", "has_addresses", "has_pages",
)  # fmt: skip


def stock_site(database: Database, site: Site | None = None, *, now: datetime = NOON) -> Site:
    site = site or a_site()
    SiteRows(database).add(site, key_prefix="key", key_digest=f"digest-{site.id}", now=now)
    return site


def stock(
    database: Database,
    submission: Submission,
    *findings: Finding,
    decision: Decision | None = None,
    callback: bytes | None = b"{}",
) -> Submission:
    """Store a submission and decide about it as its findings say (or as `decision` says)."""
    row = {
        "id": submission.id,
        "site_id": submission.site_id,
        "platform_id": submission.platform_id,
        **{
            name: value
            for name, value in content_row(submission, database.mask).items()
            if name in STOCKED
        },
        "created_at": to_ms(submission.created_at),
        "received_at": to_ms(submission.received_at),
    }
    outcome = an_outcome(submission, findings, decision, callback=callback)
    with database.write() as connection:
        connection.execute(insert(submissions).values(row))
        write_decisions(connection, [outcome])
        _join_same(connection, submission, str(row["text_key"]))
    return submission


def _join_same(connection: Connection, submission: Submission, key: str) -> None:
    """Join whoever said the same on the site before."""
    column = submissions.c
    same = select(column.id, column.payload, column.campaign_id).where(
        column.text_key == key,
        column.text_key != "",
        column.site_id == submission.site_id,
        column.id != submission.id,
        column.payload != "",
    )
    rows = connection.execute(same.order_by(column.campaign_id == "", column.id)).all()
    if rows:
        roll = CampaignMatcher({row.id: row.campaign_id for row in rows if row.campaign_id})
        joined = roll.join(submission.id, [Relative(rows[0].id)])
        known = {submission.id: submission, rows[0].id: load_submission(rows[0].payload)}
        write_joins(connection, [_member(each, known[each.submission_id]) for each in joined])


def _member(joining: Membership, submission: Submission, host: str = "") -> CampaignMember:
    at = submission.received_at
    hosts = (host,) if host else ()
    return CampaignMember(joining, submission.site_id, at, at, hosts, shape(submission.text))


def stock_campaign(
    database: Database,
    *submissions: Submission,
    similarity: float = 1.0,
    host: str = "",
    is_fresh: bool = True,
) -> str:
    """Let submissions join the campaign of the first of them; return its id."""
    roll, first = CampaignMatcher(), submissions[0]
    known = {submission.id: submission for submission in submissions}
    joined = [
        joining
        for submission in submissions[1:]
        for joining in roll.join(submission.id, [Relative(first.id, similarity)])
    ]
    with database.write() as connection:
        if is_fresh:  # whatever joined by its text alone while it was stocked
            for one in submissions:
                leave(connection, one.id)
        write_joins(connection, [_member(each, known[each.submission_id], host) for each in joined])
    return campaign_id(first.id)


def an_outcome(
    submission: Submission,
    findings: tuple[Finding, ...],
    decision: Decision | None = None,
    *,
    sequence: int = 1,
    callback: bytes | None = b"{}",
) -> DecisionWrite:
    decided_at = submission.received_at + timedelta(seconds=sequence)
    recorded = RecordedDecision(
        id=f"{submission.id}-{sequence}",
        submission_id=submission.id,
        sequence=sequence,
        decided_at=decided_at,
        previous_status="queued",
        decision=decision or decide(findings, a_site().policy),
    )
    return DecisionWrite(
        submission.site_id, recorded, findings, CallbackEvent.ISSUED, callback, decided_at
    )
