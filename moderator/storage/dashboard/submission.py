"""One submission with everything around it, and the log of decisions."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.decisions.delivery import Delivery
from moderator.domain.pages.dashboard import Judgement, ListItem, LogEntry, LogPage, SubmissionPage
from moderator.storage.base.payload import load_findings
from moderator.storage.base.values import AnyRow, delivery_of, recorded
from moderator.storage.dashboard.items import (
    IS_COPY,
    IS_HELD,
    LINES,
    earlier,
    items_by_id,
    list_item,
    place_after,
    place_of,
    within,
)
from moderator.storage.schema.tables import decisions, deliveries, submissions

Where = Sequence[ColumnElement[bool]]

MAX_RELATED = 20  # copies, alike ones and earlier ones by the author that are shown
COUNT_UP_TO = 1000  # beyond this a number is "1000+": nobody reads it more exactly


def read_submission_page(
    connection: Connection, scope: Scope, submission_id: str
) -> SubmissionPage | None:
    columns = submissions.c
    row = connection.execute(
        LINES.add_columns(columns.text_key, columns.author_key).where(
            columns.id == submission_id, *within(columns.site_id, scope)
        )
    ).one_or_none()
    if row is None:
        return None
    subject = list_item(row)
    site = (columns.site_id == subject.site_id, columns.id != subject.id)
    by_author = (*site, columns.author_key == row.author_key)
    groups: dict[str, Where] = {"copies": (*site, IS_COPY, columns.duplicate_of == subject.id)}
    if subject.duplicate_of:
        groups["original"] = (*site, columns.id == subject.duplicate_of)
    if subject.submission is not None and subject.submission.parent_id:
        groups["parent"] = (*site, columns.platform_id == subject.submission.parent_id)
    if row.text_key:
        groups["alike"] = (*site, columns.text_key == row.text_key, IS_HELD)
    if row.author_key:
        groups["by_author"] = by_author
    related = _related(connection, groups)
    return SubmissionPage(
        line=subject,
        sequence=subject.sequence,
        content_version=subject.content_version,
        judgements=_judgements(connection, decisions.c.submission_id == subject.id),
        original=next(iter(related["original"]), None),
        parent=next(iter(related["parent"]), None),
        copies=tuple(related["copies"]),
        alike=tuple(related["alike"]),
        by_author=tuple(related["by_author"]),
        author_tallies=_author_tallies(connection, by_author) if row.author_key else {},
    )


def _related(connection: Connection, groups: dict[str, Where]) -> dict[str, list[ListItem]]:
    """The latest of each group; where a group is huge, the latest of those found first."""
    branches = []
    for name, where in groups.items():
        some = select(submissions.c.id).where(*where).limit(COUNT_UP_TO).subquery()
        latest = select(literal(name).label("kin"), some.c.id).order_by(some.c.id.desc())
        branches.append(select(latest.limit(MAX_RELATED).subquery()))
    found = union_all(*branches).subquery()
    statement = LINES.add_columns(found.c.kin).join(found, found.c.id == submissions.c.id)
    related: dict[str, list[ListItem]] = defaultdict(list)
    for row in connection.execute(statement.order_by(submissions.c.id.desc())):
        related[row.kin].append(list_item(row))
    return related


def _author_tallies(connection: Connection, where: Where) -> dict[str, int]:
    some = select(submissions.c.status).where(*where).limit(COUNT_UP_TO).subquery()
    rows = connection.execute(
        select(some.c.status, func.count().label("number")).group_by(some.c.status)
    ).all()
    return {row.status: row.number for row in rows}


def _judgements(connection: Connection, where: ColumnElement[bool]) -> tuple[Judgement, ...]:
    """Decisions, newest first, with their callbacks."""
    rows = connection.execute(
        select(decisions)
        .where(where)
        .order_by(decisions.c.decided_at.desc(), decisions.c.sequence.desc())
    ).all()
    sendings = _sendings(connection, [row.submission_id for row in rows])
    return tuple(_judgement(row, sendings[row.id]) for row in rows)


def _sendings(connection: Connection, ids: Sequence[str]) -> dict[str, list[Delivery]]:
    """The callbacks of these submissions, by decision."""
    found: dict[str, list[Delivery]] = defaultdict(list)
    if not ids:
        return found
    column = deliveries.c
    rows = connection.execute(
        select(
            column.id, column.decision_id, column.event, column.state, column.tries,
            column.last_status, column.last_error, column.created_at, column.finished_at,
        ).where(column.submission_id.in_(set(ids)))
    )  # fmt: skip
    for row in rows:
        found[row.decision_id].append(delivery_of(row))
    return found


def _judgement(row: AnyRow, sendings: Sequence[Delivery]) -> Judgement:
    return Judgement(recorded(row), load_findings(row.findings), tuple(sendings))


def read_log(
    connection: Connection, known_sites: Sequence[str], *, before: str, limit: int
) -> LogPage:
    """Decisions, newest first; one index range per site, merged."""
    column = decisions.c
    place = place_of(before)
    if not known_sites:
        return LogPage(())
    branches = []
    for site_id in known_sites:
        branch = select(column.id, column.decided_at).where(column.site_id == site_id)
        if place is not None:
            branch = branch.where(*earlier(column.decided_at, column.id, place))
        branch = branch.order_by(column.decided_at.desc(), column.id.desc()).limit(limit + 1)
        branches.append(select(branch.subquery()))
    merged = union_all(*branches).subquery()
    found = connection.execute(
        select(merged).order_by(merged.c.decided_at.desc(), merged.c.id.desc()).limit(limit + 1)
    ).all()
    shown = found[:limit]
    judgements = {
        judgement.recorded.id: judgement
        for judgement in _judgements(connection, column.id.in_([row.id for row in shown]))
    }
    lines = items_by_id(connection, [j.recorded.submission_id for j in judgements.values()])
    entries = (
        LogEntry(judgements[row.id], lines[judgements[row.id].recorded.submission_id])
        for row in shown
    )
    older = place_after(shown[-1].decided_at, shown[-1].id) if len(found) > limit else ""
    return LogPage(tuple(entries), older)
