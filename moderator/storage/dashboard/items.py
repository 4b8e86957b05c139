"""Submissions as lines of a list: shared by every page that lists some."""

from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    Select,
    Subquery,
    and_,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.errors import NotFoundError
from moderator.domain.pages.claim import QueueClaim
from moderator.domain.pages.dashboard import ListItem
from moderator.storage.base.payload import load_reasons, load_submission
from moderator.storage.base.times import from_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.schema.tables import campaigns, claims, decisions, sites, submissions

# The branch per site and status below keeps every list on an index; beyond this many branches the
# statement itself would cost more than walking the newest rows.
MAX_BRANCHES = 200

# Written out, not bound: only so does the database see that one of its partial indexes fits.
IS_HELD = submissions.c.status == literal_column("'hold'")
IS_LISTED = submissions.c.listed == literal_column("1")
IS_COPY = submissions.c.duplicate_of != literal_column("''")

Place = tuple[int, str]  # in a list that is ordered by time: the time, and the id

LINES = (
    select(
        submissions.c.id,
        submissions.c.site_id,
        sites.c.name.label("site_name"),
        submissions.c.kind,
        submissions.c.status,
        submissions.c.score,
        submissions.c.decided_by,
        submissions.c.duplicate_of,
        submissions.c.received_at,
        submissions.c.payload,
        submissions.c.reports,
        submissions.c.listed,
        submissions.c.sequence,
        submissions.c.content_version,
        decisions.c.reasons,
        submissions.c.campaign_id,
        campaigns.c.members.label("campaign_members"),
        claims.c.moderator_id,
        claims.c.moderator_name,
        claims.c.until,
    )
    .join(sites, sites.c.id == submissions.c.site_id)
    .outerjoin(
        decisions,
        and_(
            decisions.c.submission_id == submissions.c.id,
            decisions.c.sequence == submissions.c.sequence,
        ),
    )
    .outerjoin(campaigns, campaigns.c.id == submissions.c.campaign_id)
    .outerjoin(
        claims,
        claims.c.line
        == func.coalesce(func.nullif(submissions.c.campaign_id, ""), submissions.c.id),
    )
)


def within(column: ColumnElement[str], scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The condition that keeps a query inside the asker's sites."""
    return () if scope is None else (column.in_(scope),)


def list_item(row: AnyRow, members: int = 1) -> ListItem:
    reasons = load_reasons(row.reasons) if row.reasons else ()
    return ListItem(
        id=row.id,
        site_id=row.site_id,
        site_name=row.site_name,
        kind=row.kind,
        status=row.status,
        score=row.score,
        decided_by=row.decided_by,
        duplicate_of=row.duplicate_of,
        received_at=from_ms(row.received_at),
        submission=load_submission(row.payload) if row.payload else None,
        reason=reasons[0].text if reasons else "",
        reason_key=reasons[0].key if reasons else "",
        members=members,
        campaign_id=row.campaign_id,
        campaign_members=row.campaign_members or 0,
        reports=row.reports,
        is_listed=bool(row.listed) and row.status == "approved",
        sequence=row.sequence,
        content_version=row.content_version,
        claim=QueueClaim(row.moderator_id, row.moderator_name, from_ms(row.until))
        if row.until
        else None,
    )


def items_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, ListItem]:
    if not ids:
        return {}
    rows = connection.execute(LINES.where(submissions.c.id.in_(ids)))
    return {row.id: list_item(row) for row in rows}


def newest(
    connection: Connection,
    known: Sequence[str],
    statuses: Sequence[str],
    *,
    before: str,
    limit: int,
) -> list[tuple[int, str]]:
    """(received_at, id) of the newest submissions of sites, merged from one index range each."""
    place = place_of(before)
    if not known:
        return []
    if len(known) * len(statuses) > MAX_BRANCHES:
        found: Select[tuple[int, str]] = _range(known, statuses, place, limit)
    else:
        branches = [
            select(_range((site_id,), (status,), place, limit).subquery())
            for site_id in known
            for status in statuses
        ]
        merged: Subquery = union_all(*branches).subquery()
        found = (
            select(merged.c.received_at, merged.c.id)
            .order_by(merged.c.received_at.desc(), merged.c.id.desc())
            .limit(limit)
        )
    return [(row.received_at, row.id) for row in connection.execute(found)]


def listed(
    connection: Connection, scope: Scope, *, before: str, limit: int
) -> list[tuple[int, str]]:
    """(received_at, id) of the newest approved ones that reports put before a person."""
    column = submissions.c
    found = select(column.received_at, column.id).where(
        IS_LISTED, column.status == "approved", *within(column.site_id, scope)
    )
    place = place_of(before)
    if place is not None:
        found = found.where(*earlier(column.received_at, column.id, place))
    found = found.order_by(column.received_at.desc(), column.id.desc()).limit(limit)
    return [(row.received_at, row.id) for row in connection.execute(found)]


def _range(
    known: Sequence[str], statuses: Sequence[str], place: Place | None, limit: int
) -> Select[tuple[int, str]]:
    column = submissions.c
    found = select(column.received_at, column.id).where(
        column.site_id.in_(known) if len(known) > 1 else column.site_id == known[0],
        column.status.in_(statuses) if len(statuses) > 1 else column.status == statuses[0],
    )
    if place is not None:
        found = found.where(*earlier(column.received_at, column.id, place))
    return found.order_by(column.received_at.desc(), column.id.desc()).limit(limit)


def earlier(
    time: ColumnElement[int], key: ColumnElement[str], place: Place
) -> tuple[ColumnElement[bool], ...]:
    """The conditions that begin a list behind a place; the first is what an index understands."""
    at, id_ = place
    return (time <= at, (time < at) | ((time == at) & (key < id_)))


def place_of(before: str) -> Place | None:
    """Read a place in a list, as `place_after` wrote it. Raises NotFoundError."""
    if not before:
        return None
    at, _, key = before.partition(".")
    if not (at.isascii() and at.isdigit() and len(at) <= 15 and key):  # noqa: PLR2004  # year 33658
        raise NotFoundError("There is no such page")
    return int(at), key


def place_after(at: int, key: str) -> str:
    return f"{at}.{key}"
