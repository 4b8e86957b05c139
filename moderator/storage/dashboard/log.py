"""The log: decisions and notes of a site's people, newest first, at a bounded cost.

What is asked for is looked for among the newest: STEP by STEP, merged from one index range per site
and kind of entry, until a page is full or STEPS were made. Then the place is told from where to
look on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Select, literal, literal_column, select, union_all

from moderator.domain.account import Role, Scope
from moderator.domain.pages.log import BLOG, NOTES, SERVICE, LogEntry, LogPage, LogQuery
from moderator.domain.verdict import Decider, DeciderKind
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.dashboard.items import Place, earlier, items_by_id, place_after, place_of
from moderator.storage.dashboard.submission import judgements_of, read_notes
from moderator.storage.schema.tables import (
    decisions,
    moderator_sites,
    moderators,
    notes,
    submissions,
)

STEP = 2_000  # entries that are looked at in one statement, of all sites together
STEPS = 3  # statements for one page
LEAST = 26  # entries of one site that are looked at: a page and one
IS_BY_MODERATOR = decisions.c.decided_by == literal_column("'moderator'")

Row = Select[str, int, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Walk:
    """The entries of some sites in the order of the log."""

    sites: Sequence[str]
    query: LogQuery

    def size(self, limit: int) -> int:
        """How many to take in one step: no more than a page where nothing is left out."""
        return limit if self.query.is_plain else max(LEAST, STEP // len(self.sites))

    def step(self, connection: Connection, place: Place | None, size: int) -> list[AnyRow]:
        branches = [
            select(branch.subquery())
            for site_id in self.sites
            for branch in self._branches(site_id, place, size)
        ]
        merged = union_all(*branches).subquery()
        newest = select(merged).order_by(merged.c.at.desc(), merged.c.id.desc()).limit(size)
        if not self.query.kind:
            return list(connection.execute(newest).all())
        some = newest.subquery()
        wanted = select(some, submissions.c.kind).join(
            submissions, submissions.c.id == some.c.submission_id
        )
        return list(connection.execute(wanted.order_by(some.c.at.desc(), some.c.id.desc())).all())

    def _branches(self, site_id: str, place: Place | None, size: int) -> list[Row]:
        query, found = self.query, list[Row]()
        if query.wants_decisions:
            column = decisions.c
            rows: Row = select(
                column.id, column.decided_at.label("at"), column.submission_id, column.verdict,
                column.decided_by, column.decider_id, column.decider_name,
            ).where(column.site_id == site_id)  # fmt: skip
            if query.who not in ("", SERVICE, BLOG):
                rows = rows.where(IS_BY_MODERATOR)
            found.append(rows)
        if query.wants_notes:
            written = notes.c
            found.append(
                select(
                    written.id, written.written_at.label("at"), written.submission_id,
                    literal(NOTES).label("verdict"),
                    literal(DeciderKind.MODERATOR.value).label("decided_by"),
                    written.moderator_id.label("decider_id"),
                    written.moderator_name.label("decider_name"),
                ).where(written.site_id == site_id)
            )  # fmt: skip
        return [self._bounded(rows, place, size) for rows in found]

    def _bounded(self, rows: Row, place: Place | None, size: int) -> Row:
        at, id_ = rows.selected_columns["at"], rows.selected_columns["id"]
        if place is not None:
            rows = rows.where(*earlier(at, id_, place))
        if self.query.since is not None:
            rows = rows.where(at >= to_ms(_midnight(self.query.since)))
        if self.query.until is not None:
            rows = rows.where(at < to_ms(_midnight(self.query.until) + timedelta(days=1)))
        return rows.order_by(at.desc(), id_.desc()).limit(size)

    def fits(self, row: AnyRow) -> bool:
        query = self.query
        by = Decider(DeciderKind(row.decided_by), row.decider_id, row.decider_name)
        return (
            (not query.what or row.verdict == query.what)
            and (not query.kind or row.kind == query.kind)
            and query.is_by(by)
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def read_log(
    connection: Connection, known: Sequence[str], query: LogQuery, *, before: str, limit: int
) -> LogPage:
    """Raises NotFoundError when `before` is no place in it."""
    place = place_of(before)
    sites = [site for site in known if not query.site or site == query.site]
    if not sites:
        return LogPage(())
    walk, found = _Walk(sites, query), list[AnyRow]()
    size = walk.size(limit + 1)
    for _ in range(STEPS):
        rows = walk.step(connection, place, size)
        found += [row for row in rows if walk.fits(row)]
        if len(found) > limit or len(rows) < size:
            shown = found[:limit]
            older = place_after(shown[-1].at, shown[-1].id) if len(found) > limit else ""
            return LogPage(_entries(connection, shown), older)
        place = (rows[-1].at, rows[-1].id)
    older = place_after(*place) if place is not None else ""
    return LogPage(_entries(connection, found), older, is_partial=True)


def _entries(connection: Connection, rows: Sequence[AnyRow]) -> tuple[LogEntry, ...]:
    lines = items_by_id(connection, sorted({row.submission_id for row in rows}))
    ids = [row.id for row in rows if row.verdict != NOTES]
    told = judgements_of(connection, decisions.c.id.in_(ids)) if ids else ()
    judgements = {judgement.recorded.id: judgement for judgement in told}
    noted = [row.id for row in rows if row.verdict == NOTES]
    found = read_notes(connection, notes.c.id.in_(noted)) if noted else ()
    written = {note.id: note for note in found}
    return tuple(
        LogEntry(
            id=row.id,
            at=from_ms(row.at),
            line=lines[row.submission_id],
            judgement=judgements.get(row.id),
            note=written.get(row.id),
        )
        for row in rows
        if row.submission_id in lines
    )


def read_colleagues(connection: Connection, scope: Scope) -> dict[str, str]:
    """Names by id of those who see a site of the asker's."""
    wanted = select(
        moderators.c.id, moderators.c.name, moderators.c.role, moderator_sites.c.site_id
    )
    joined = wanted.outerjoin(
        moderator_sites, moderator_sites.c.moderator_id == moderators.c.id
    ).order_by(moderators.c.name)
    return {
        row.id: row.name
        for row in connection.execute(joined).all()
        if scope is None or row.role == Role.OWNER or row.site_id in scope
    }
