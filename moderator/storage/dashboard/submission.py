"""One submission with everything around it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any  # what a statement selects is typed by nobody

from sqlalchemy import Connection, Select, case, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.content.facts import Facts
from moderator.domain.decisions.delivery import Delivery
from moderator.domain.pages.dashboard import Judgement, ListItem, Note, Standing, SubmissionPage
from moderator.domain.pages.find import LONGEST
from moderator.domain.submission import Submission
from moderator.storage.base.payload import load_findings, load_submission
from moderator.storage.base.values import AnyRow, delivery_of, note_of, recorded
from moderator.storage.dashboard.held_groups import group_of, held_beside
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
Asked = Select[*tuple[Any, ...]]

# Before the names of columns that another table of the statement has as well.
SENT, LATEST = "sent_", "latest_"
COLUMN = deliveries.c
SENDING = [
    column.label(f"{SENT}{column.name}")
    for column in (
        COLUMN.id, COLUMN.decision_id, COLUMN.event, COLUMN.state, COLUMN.tries,
        COLUMN.last_status, COLUMN.last_error, COLUMN.created_at, COLUMN.finished_at,
    )
]  # fmt: skip
# What a tally has where a note has its columns.
NO_NOTE = (
    literal("").label("id"), literal("").label("submission_id"),
    literal("").label("moderator_id"), literal("").label("moderator_name"),
    literal("").label("words"), literal(0).label("written_at"),
)  # fmt: skip
MAX_RELATED = 20  # copies, alike ones and earlier ones by the author that are shown
HAS_NOTES = (
    select(literal(1)).where(notes.c.submission_id == submissions.c.id).exists().label("has_notes")
)
COUNT_UP_TO = 1000  # beyond this a number is "1000+": nobody reads it more exactly


def read_submission_page(
    connection: Connection, scope: Scope, submission_id: str
) -> SubmissionPage | None:
    more = submissions.c.text_key, submissions.c.author_key, submissions.c.earlier
    wanted = LINES.add_columns(*more, HAS_NOTES, held_beside(scope).label("held"))
    row = connection.execute(wanted.where(*_is_seen(scope, submission_id))).one_or_none()
    if row is None:
        return None
    # Who stands for its campaign in the queue stands for it here too: its newest held member.
    leader, held = group_of(row.held) if row.held else (None, 0)
    subject = list_item(row, held if leader is not None and leader[1] == row.id else 1)
    source = _source_of(subject.submission)
    groups = _groups(subject, source, row.text_key, row.author_key)
    related = _related(connection, groups)
    beside = [*_tallies(groups.get("by_author"), subject.site_id, source)]
    beside += [_notes(subject.id)] if row.has_notes else []
    tallies, written = _beside(connection, beside)
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
        notes=written,
    )


def _is_seen(scope: Scope, submission_id: str) -> Where:
    return submissions.c.id == submission_id, *within(submissions.c.site_id, scope)


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


def _tallies(by_author: Where | None, site_id: str, source: str) -> Iterator[Asked]:
    """How often which status was given to the author's, and what people said of the source."""
    if by_author is not None:
        some = select(submissions.c.status).where(*by_author).limit(COUNT_UP_TO).subquery()
        counted = select(literal("author").label("what"), some.c.status, func.count(), *NO_NOTE)
        yield counted.group_by(some.c.status)
    if source:
        told = host_counts.c
        is_spam = case((told.is_spam == 1, literal("spam")), else_=literal("approved"))
        counted = select(literal("source").label("what"), is_spam, func.sum(told.number), *NO_NOTE)
        of_source = counted.where(told.site_id == site_id, told.host == source)
        yield of_source.group_by(told.is_spam)


def _notes(submission_id: str) -> Asked:
    """Its notes, the earliest."""
    column = notes.c
    given = select(
        literal("note").label("what"), literal(""), literal(0), column.id, column.submission_id,
        column.moderator_id, column.moderator_name, column.words, column.written_at,
    ).where(column.submission_id == submission_id)  # fmt: skip
    first = given.order_by(column.written_at, column.id).limit(COUNT_UP_TO).subquery()
    return select(first)


def _beside(
    connection: Connection, asked: Sequence[Asked]
) -> tuple[dict[str, dict[str, int]], tuple[Note, ...]]:
    """Tallies and notes, by one statement."""
    tallies: dict[str, dict[str, int]] = {"author": {}, "source": {}}
    written = []
    rows: Sequence[AnyRow] = connection.execute(union_all(*asked)).all() if asked else []
    for row in rows:
        if row.what == "note":
            written.append(note_of(row))
        elif row[2]:
            tallies[row.what][row[1]] = int(row[2])
    return tallies, tuple(sorted(written, key=lambda note: (note.written_at, note.id)))


def judgements_of(connection: Connection, where: ColumnElement[bool]) -> tuple[Judgement, ...]:
    """Decisions, newest first, with their callbacks."""
    told = decisions.c.id == deliveries.c.decision_id
    of_it = decisions.c.submission_id == deliveries.c.submission_id
    rows = connection.execute(
        select(decisions, *SENDING)
        .outerjoin(deliveries, told & of_it)
        .where(where)
        .order_by(decisions.c.decided_at.desc(), decisions.c.sequence.desc(), deliveries.c.id)
    ).all()
    sendings: dict[str, list[Delivery]] = defaultdict(list)
    for row in rows:
        if row.sent_id is not None:
            sendings[row.id].append(delivery_of(row, SENT))
    return tuple(
        Judgement(recorded(row), load_findings(row.findings), tuple(sendings[row.id]))
        for row in {row.id: row for row in rows}.values()
    )


def read_standing(connection: Connection, scope: Scope, submission_id: str) -> Standing | None:
    latest = [column.label(f"{LATEST}{column.name}") for column in decisions.c]
    wanted = LINES.add_columns(*latest).where(*_is_seen(scope, submission_id))
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Standing(list_item(row), recorded(row, LATEST) if row.latest_id else None)


def read_notes(connection: Connection, where: ColumnElement[bool]) -> tuple[Note, ...]:
    """The oldest first."""
    rows = connection.execute(
        select(notes).where(where).order_by(notes.c.written_at, notes.c.id).limit(COUNT_UP_TO)
    )
    return tuple(note_of(row) for row in rows)
