"""Turns a submission into a tombstone: its site, the blog's id and the time are all that stays.

What came of it goes too: callbacks, decisions, notes, what links of it led to, its place in a
campaign, what it said about hosts. What it taught the site's model is taken back by who teaches.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, DefaultClause, Text

from moderator.domain.content.facts import Facts
from moderator.domain.urls.hosts import registrable
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Parameters, Statement
from moderator.storage.base.payload import load_submission
from moderator.storage.campaigns import leave
from moderator.storage.counts import AUTHORS, HOSTS
from moderator.storage.queue import unqueue
from moderator.storage.schema.tables import submissions

PAYLOAD = Statement(
    "SELECT payload, earlier FROM submissions WHERE id = :id AND status <> 'erased'"
)
ANEW = {
    "status": "'erased'",
    "created_at": "received_at",
    "erased_at": ":now",
    "decided_at": "NULL",
}


def _blanks() -> Iterator[str]:
    """Every column as a row without it has it, but those by which the blog's id stays known."""
    for column in submissions.columns:
        default = column.server_default
        if column.name in ANEW:
            yield f"{column.name} = {ANEW[column.name]}"
        elif isinstance(default, DefaultClause) and column.name != "platform_id":
            quote = "'" if isinstance(column.type, Text) else ""
            yield f"{column.name} = {quote}{default.arg}{quote}"


BLANK = Statement(f"UPDATE submissions SET {', '.join(_blanks())} WHERE id = :id")  # noqa: S608  # our own words
FORGET = (
    (
        "DELETE FROM queue WHERE job = 'teach'"
        " AND subject_id IN (SELECT d.id FROM decisions d WHERE d.submission_id = :id)"
    ),
    "DELETE FROM search_words WHERE submission_id = :id",
    "DELETE FROM phrases WHERE submission_id = :id",
    "DELETE FROM deliveries WHERE submission_id = :id",
    "DELETE FROM decisions WHERE submission_id = :id",
    "DELETE FROM notes WHERE submission_id = :id",
    "DELETE FROM host_rulings WHERE submission_id = :id",
    # The last piece of work about it, which knows it by what it left behind.
    (
        "INSERT INTO queue (job, subject_id, site_id, due_at) SELECT 'learn', l.submission_id,"
        " l.site_id, :now FROM lessons l WHERE l.submission_id = :id"
    ),
)
STATEMENTS = tuple(Statement(sql) for sql in FORGET)
FORGET_LINKS = SelectIn("DELETE FROM link_memory WHERE url IN {many} RETURNING url")
FORGET_FETCHES = SelectIn("DELETE FROM fetch_accounts WHERE name IN {many} RETURNING name")


def erase(connection: Connection, submission_id: str, now_ms: int) -> None:
    """Erase one whose row the caller holds; nothing happens to what is erased already."""
    named: Parameters = {"id": submission_id, "now": now_ms}
    kept = PAYLOAD.run(connection, named).one_or_none()
    if kept is None:
        return
    seen = [Facts(load_submission(str(payload))) for payload in kept if payload]
    FORGET_LINKS.run(connection, _addresses(seen))
    FORGET_FETCHES.run(connection, _accounts(seen))
    unqueue(connection, submission_id)
    ours = [submission_id]
    with AUTHORS.keeping(connection, ours), HOSTS.keeping(connection, ours):
        for statement in STATEMENTS:
            statement.run(connection, named)
        BLANK.run(connection, named)
    leave(connection, submission_id)


def _addresses(seen: Iterable[Facts]) -> list[str]:
    named = (
        {*(link.raw for link in each.links), *(url.href for url in each.pages)} for each in seen
    )
    return sorted(set().union(*named))


def _accounts(seen: Iterable[Facts]) -> list[str]:
    """The names under which fetches from its hosts are counted (clients/fetch/sources.py)."""
    domains = {registrable(url.host) for each in seen for url in each.pages}
    return sorted(f"{kind} {domain}" for domain in domains for kind in ("domain", "relay"))
