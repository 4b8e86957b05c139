"""What the pages read: each page in one snapshot, a handful of statements, all on an index."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, literal, literal_column, select, union_all

from moderator.domain.account import Scope
from moderator.domain.jobs import Job
from moderator.domain.reading import (
    STATUSES,
    Dossier,
    Line,
    Listing,
    LogPage,
    Overview,
    Shelf,
    Tally,
)
from moderator.storage.database import Database
from moderator.storage.dossier import read_dossier, read_log
from moderator.storage.lines import IS_HELD, lines_by_id, newest, place_after, within
from moderator.storage.tables import decisions, queue, sites, submissions
from moderator.storage.times import from_ms, to_ms

COUNT_UP_TO = 1000  # beyond this a number is "1000+": nobody reads it more exactly
# Ids sort by time, so the newest member stands for its campaign and for its place in the list.
LEADER = func.max(submissions.c.id).label("leader")
MEMBERS = func.count().label("members")


class ReadingRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def overview(self, scope: Scope, *, since: datetime, due_before: datetime) -> Overview:
        with self._database.read() as connection:
            known = _known_sites(connection, scope)
            tallies = _tallies(connection, scope, known)
            return Overview(
                tallies=tallies,
                today={} if tallies[Shelf.HELD].number else _verdicts(connection, known, since),
                silent_since=_silent_since(connection, due_before),
            )

    def listing(self, scope: Scope, shelf: Shelf, *, before: str, limit: int) -> Listing:
        with self._database.read() as connection:
            if shelf is Shelf.HELD:
                return _campaigns(connection, scope, before=before, limit=limit)
            found = newest(connection, scope, STATUSES[shelf], before=before, limit=limit + 1)
            shown = found[:limit]
            lines = lines_by_id(connection, [key for _, key in shown])
            return Listing(
                lines=tuple(lines[key] for _, key in shown if key in lines),
                older=place_after(*shown[-1]) if len(found) > limit else "",
            )

    def dossier(self, scope: Scope, submission_id: str) -> Dossier | None:
        with self._database.read() as connection:
            return read_dossier(connection, scope, submission_id)

    def log(self, scope: Scope, *, before: str, limit: int) -> LogPage:
        with self._database.read() as connection:
            known = _known_sites(connection, scope)
            return read_log(connection, known, before=before, limit=limit)


def _known_sites(connection: Connection, scope: Scope) -> tuple[str, ...]:
    return tuple(connection.scalars(select(sites.c.id))) if scope is None else scope


def _campaigns(connection: Connection, scope: Scope, *, before: str, limit: int) -> Listing:
    """Held submissions, alike ones as one line, by their newest member."""
    mine = within(submissions.c.site_id, scope)
    key = submissions.c.text_key
    alike = (
        select(LEADER, MEMBERS)
        .where(IS_HELD, key != literal_column("''"), *mine)
        .group_by(submissions.c.site_id, key)
    )
    alone = select(submissions.c.id.label("leader"), literal(1).label("members")).where(
        IS_HELD, key == literal_column("''"), *mine
    )
    if before:
        alike = alike.having(func.max(submissions.c.id) < before)
        alone = alone.where(submissions.c.id < before)
    branches = [
        select(found.order_by(found.selected_columns[0].desc()).limit(limit + 1).subquery())
        for found in (alike, alone)
    ]
    merged = union_all(*branches).subquery()
    rows = connection.execute(
        select(merged).order_by(merged.c.leader.desc()).limit(limit + 1)
    ).all()
    lines = lines_by_id(connection, [row.leader for row in rows[:limit]])
    return Listing(
        lines=tuple(
            _with_members(lines[row.leader], row.members)
            for row in rows[:limit]
            if row.leader in lines
        ),
        older=rows[limit - 1].leader if len(rows) > limit else "",
    )


def _with_members(line: Line, members: int) -> Line:
    return replace(line, members=members)


def _tallies(connection: Connection, scope: Scope, known: tuple[str, ...]) -> dict[Shelf, Tally]:
    counts = []
    for shelf, statuses in STATUSES.items():
        if shelf is Shelf.HELD:
            where = (IS_HELD, *within(submissions.c.site_id, scope))
        else:
            where = (submissions.c.site_id.in_(known), submissions.c.status.in_(statuses))
        some = select(literal(1)).where(*where).limit(COUNT_UP_TO + 1).subquery()
        counts.append(select(literal(shelf.value).label("shelf"), func.count()).select_from(some))
    rows = connection.execute(union_all(*counts)).all()
    return {
        Shelf(shelf): Tally(min(number, COUNT_UP_TO), is_more=number > COUNT_UP_TO)
        for shelf, number in rows
    }


def _verdicts(connection: Connection, known: tuple[str, ...], since: datetime) -> dict[str, int]:
    """How often each verdict was given since then; at most some thousands are counted."""
    recent = (
        select(decisions.c.verdict)
        .where(decisions.c.site_id.in_(known), decisions.c.decided_at >= to_ms(since))
        .limit(10 * COUNT_UP_TO)
        .subquery()
    )
    rows = connection.execute(
        select(recent.c.verdict, func.count().label("number")).group_by(recent.c.verdict)
    ).all()
    return {row.verdict: row.number for row in rows}


def _silent_since(connection: Connection, due_before: datetime) -> datetime | None:
    """Since when the oldest due work waits. A claim moves `due_at`, so this is unclaimed work."""
    older = queue.alias()
    is_free = ~(
        select(literal(1))
        .where(older.c.lane == queue.c.lane, older.c.lane != "", older.c.id < queue.c.id)
        .exists()
    )
    oldest = [
        select(queue.c.due_at)
        .where(queue.c.job == job.value, queue.c.due_at < to_ms(due_before), is_free)
        .order_by(queue.c.due_at)
        .limit(1)
        .subquery()
        for job in Job
    ]
    waiting = union_all(*(select(one) for one in oldest)).subquery()
    since = connection.scalar(select(func.min(waiting.c.due_at)))
    return None if since is None else from_ms(since)
