"""One submission with everything around it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, case, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.content.facts import Facts
from moderator.domain.decisions.delivery import Delivery
from moderator.domain.pages.dashboard import Judgement, ListItem, Note, SubmissionPage
from moderator.domain.pages.find import LONGEST
from moderator.domain.submission import Submission
from moderator.storage.base.payload import load_findings, load_submission
from moderator.storage.base.values import AnyRow, delivery_of, note_of, recorded
from moderator.storage.dashboard.held_groups import held_of
from moderator.storage.dashboard.items import (
    IS_COPY,
    IS_HELD,
    LINES,
    list_item,
    within,
)
from moderator.storage.schema.tables import (
    decisions,
    deliveries,
    host_counts,
    notes,
    search_words,
    submissions,
)

Where = Sequence[ColumnElement[bool]]

MAX_RELATED = 20  # copies, alike ones and earlier ones by the author that are shown
HAS_NOTES = select(literal(1)).where(notes.c.submission_id == submissions.c.id).exists()
COUNT_UP_TO = 1000  # beyond this a number is "1000+": nobody reads it more exactly


def read_submission_page(
    connection: Connection, scope: Scope, submission_id: str
) -> SubmissionPage | None:
    columns = submissions.c
    row = connection.execute(
        LINES.add_columns(
            columns.text_key, columns.author_key, columns.earlier, HAS_NOTES.label("has_notes")
        ).where(columns.id == submission_id, *within(columns.site_id, scope))
    ).one_or_none()
    if row is None:
        return None
    subject = list_item(row)
    source = _source_of(subject.submission)
    groups = _groups(subject, source, row.text_key, row.author_key)
    related = _related(connection, groups)
    tallies = _tallies(connection, groups.get("by_author"), subject.site_id, source)
    if subject.status == "hold" and subject.campaign_members > 1:
        subject = _with_members(connection, scope, subject)
    return SubmissionPage(
        line=subject,
        sequence=subject.sequence,
        content_version=subject.content_version,
        judgements=judgements_of(connection, decisions.c.submission_id == subject.id),
        original=next(iter(related["original"]), None),
        parent=next(iter(related["parent"]), None),
        copies=tuple(related["copies"]),
        alike=tuple(related["alike"]),
        by_author=tuple(related["by_author"]),
        author_tallies=tallies["author"],
        source=source,
        by_source=tuple(related["by_source"]),
        source_tallies=tallies["source"],
        earlier=load_submission(row.earlier) if row.earlier else None,
        notes=read_notes(connection, notes.c.submission_id == subject.id) if row.has_notes else (),
    )


def _groups(subject: ListItem, source: str, text_key: str, author_key: str) -> dict[str, Where]:
    """What is shown beside it, by what it is to it."""
    columns = submissions.c
    site = (columns.site_id == subject.site_id, columns.id != subject.id)
    copies = (_is_of_site(subject), columns.id != subject.id, IS_COPY)
    groups: dict[str, Where] = {"copies": (*copies, columns.duplicate_of == subject.id)}
    if subject.duplicate_of:
        groups["original"] = (*site, columns.id == subject.duplicate_of)
    if subject.submission is not None and subject.submission.parent_id:
        groups["parent"] = (*site, columns.platform_id == subject.submission.parent_id)
    if text_key:
        groups["alike"] = (*site, columns.text_key == text_key, IS_HELD)
    if author_key:
        groups["by_author"] = (*site, columns.author_key == author_key)
    if source:
        groups["by_source"] = _of_source(subject, source)
    return groups


def _source_of(submission: Submission | None) -> str:
    """The host of a linkback's source, of the author's page, of the first link."""
    return next(iter(Facts(submission).named_hosts), "") if submission is not None else ""


def _of_source(subject: ListItem, source: str) -> Where:
    word = search_words.c
    named = select(word.submission_id).where(word.word == source[:LONGEST])
    latest = named.order_by(word.submission_id.desc()).limit(COUNT_UP_TO // 10)
    return (_is_of_site(subject), submissions.c.id != subject.id, submissions.c.id.in_(latest))


def _is_of_site(subject: ListItem) -> ColumnElement[bool]:
    """Not by the bare site: a database without statistics would read all of it for a few."""
    return func.coalesce(submissions.c.site_id, "") == subject.site_id


def _with_members(connection: Connection, scope: Scope, subject: ListItem) -> ListItem:
    """Who stands for its campaign in the queue stands for it here too: its newest held member."""
    held = held_of(connection, scope, subject.campaign_id)
    is_leader = held is not None and held[0][1] == subject.id
    return replace(subject, members=held[1]) if held is not None and is_leader else subject


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


def _tallies(
    connection: Connection, by_author: Where | None, site_id: str, source: str
) -> dict[str, dict[str, int]]:
    """How often which status was given to the author's, and what people said of the source."""
    counts = []
    if by_author is not None:
        some = select(submissions.c.status).where(*by_author).limit(COUNT_UP_TO).subquery()
        counted = select(literal("author").label("whose"), some.c.status, func.count().label("n"))
        counts.append(counted.group_by(some.c.status))
    if source:
        told = host_counts.c
        is_spam = case((told.is_spam == 1, literal("spam")), else_=literal("approved"))
        counted = select(literal("source"), is_spam, func.sum(told.number))
        of_source = counted.where(told.site_id == site_id, told.host == source)
        counts.append(of_source.group_by(told.is_spam))
    found: dict[str, dict[str, int]] = {"author": {}, "source": {}}
    if counts:
        for whose, status, number in connection.execute(union_all(*counts)):
            if number:
                found[whose][status] = int(number)
    return found


def judgements_of(connection: Connection, where: ColumnElement[bool]) -> tuple[Judgement, ...]:
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


def read_notes(connection: Connection, where: ColumnElement[bool]) -> tuple[Note, ...]:
    """The oldest first."""
    rows = connection.execute(
        select(notes).where(where).order_by(notes.c.written_at, notes.c.id).limit(COUNT_UP_TO)
    )
    return tuple(note_of(row) for row in rows)
