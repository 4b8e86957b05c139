"""Finds what a moderator looks for, in any order, at a bounded cost.

In this order:
1. each word, facet and mark names at most FEW submissions by an index: what all of them name is
   looked at, whatever its place;
2. where each names more than that, the list is walked in its order, STEP by STEP, until a page is
   full or BUDGET were looked at; then the place is told from where to look on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Select, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import STATUSES_OF_TAB, Tab
from moderator.domain.pages.find import FACET, Mark, Query, Sort
from moderator.storage.base.times import to_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.dashboard.walk import Key, Walk, key_of, place_text
from moderator.storage.schema.tables import deliveries, search_words, sites, submissions

FEW = 2_000
MOST_FACETS = 200
END = chr(ord(FACET) + 1)  # behind every facet
STEP = 500
BUDGET = 4_000
LAST = "\U0010ffff"  # stands behind every character
COLUMN, WORD = submissions.c, search_words.c
IS_DEAD = deliveries.c.state == literal_column("'dead'")
IS_EDITED = COLUMN.content_version > literal_column("1")
IS_REPORTED = COLUMN.reports > literal_column("0")
ROWS = select(
    COLUMN.id, COLUMN.site_id, COLUMN.status, COLUMN.kind, COLUMN.score, COLUMN.received_at,
    COLUMN.reports, COLUMN.listed, COLUMN.content_version,
)  # fmt: skip

Ids = Sequence[str]
Asked = Select[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ids in their order; `older` asks for the next one ('' at the end).

    `is_partial`: not all was looked at, and there may be more from `older` on.
    """

    ids: tuple[str, ...]
    older: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked. `every` names all that meet it, `among` says which of some do."""

    every: Asked
    among: Callable[[Ids], Asked]


def find(  # noqa: PLR0913  # a list, what is asked of it, and a page of that
    connection: Connection,
    scope: Scope,
    tab: Tab,
    query: Query,
    *,
    before: str,
    limit: int,
    now: datetime,
) -> Found:
    """Raises NotFoundError when `before` is no place."""
    if tab is not Tab.HELD and query.sort is Sort.HONEST:  # what waits has that order
        query = replace(query, sort=Sort.NEWEST)
    place = key_of(before, query.sort) if before else None
    known = _sites(connection, scope, query.site)
    if not known:
        return Found(())
    conditions = [*_words(query), *_marks(tab, query)]
    fits = _Fits(tab, frozenset(known), query, now)
    named, left = _named(connection, conditions)
    if named is not None:
        keys = _matching(connection, sorted(named), left, fits)
        return _page(keys, place, query.sort, limit)
    is_all = scope is None and not query.site
    walk = Walk(tab, known, query.sort, is_all=is_all, since=fits.since, until=fits.until)
    return _walked(connection, walk, place, left, fits, limit)


def facets(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The values of every facet that there is, by name: each is one step in the index."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in connection.execute(_facets()).scalars():
        name, _, value = (entry or "").removeprefix(FACET).partition(":")
        if value:
            found[name].append(value)
    return {name: tuple(values) for name, values in found.items()}


@cache
def _facets() -> Select[str]:
    first = select(func.min(WORD.word).label("word")).where(WORD.word >= FACET, WORD.word < END)
    seen = first.cte("k", recursive=True)
    following = select(func.min(WORD.word)).where(WORD.word > seen.c.word, WORD.word < END)
    step = select(following.scalar_subquery()).where(seen.c.word.is_not(None))
    every = seen.union_all(step)
    return select(every.c.word).limit(MOST_FACETS)


def _sites(connection: Connection, scope: Scope, wanted: str) -> tuple[str, ...]:
    known = tuple(connection.scalars(select(sites.c.id))) if scope is None else scope
    return tuple(site for site in known if not wanted or site == wanted)


def _words(query: Query) -> Iterable[Condition]:
    for word in query.words:
        yield _of_words(WORD.word >= word, WORD.word < word + LAST)
    for facet in query.facets:
        yield _of_words(WORD.word == facet)


def _of_words(*where: ColumnElement[bool]) -> Condition:
    return Condition(
        select(WORD.submission_id).where(*where),
        lambda ids: select(WORD.submission_id).where(WORD.submission_id.in_(ids), *where),
    )


def _marks(tab: Tab, query: Query) -> Iterable[Condition]:
    statuses = STATUSES_OF_TAB[tab]
    for mark, where in ((Mark.EDITED, IS_EDITED), (Mark.REPORTED, IS_REPORTED)):
        if mark in query.marks:
            every = select(COLUMN.id).where(where, COLUMN.status.in_(statuses))
            yield Condition(every, lambda ids: select(COLUMN.id).where(COLUMN.id.in_(ids)))
    if Mark.FAILED in query.marks:
        yield Condition(
            select(deliveries.c.submission_id).where(IS_DEAD),
            lambda ids: select(deliveries.c.submission_id).where(
                deliveries.c.submission_id.in_(ids), func.coalesce(deliveries.c.state, "") == "dead"
            ),
        )


def _named(
    connection: Connection, conditions: Sequence[Condition]
) -> tuple[set[str] | None, list[Condition]]:
    """What all those that name few have in common (None: all name many), and the others."""
    named: set[str] | None = None
    left = []
    for condition in conditions:
        ids = list(connection.scalars(condition.every.limit(FEW + 1)))
        if len(ids) > FEW:
            left.append(condition)
        else:
            named = set(ids) if named is None else named & set(ids)
    return named, left


@dataclass(frozen=True, slots=True)
class _Fits:
    """Whether a row is of the list, and as it is asked for."""

    tab: Tab
    sites: frozenset[str]
    query: Query
    now: datetime

    @property
    def since(self) -> int:
        days = self.query.days
        return to_ms(self.now - timedelta(days=days)) if days > 0 else 0

    @property
    def until(self) -> int | None:
        days = self.query.days
        return to_ms(self.now + timedelta(days=days)) if days < 0 else None

    def __call__(self, row: AnyRow) -> bool:
        query, until = self.query, self.until
        return (
            row.status in STATUSES_OF_TAB[self.tab]
            and row.site_id in self.sites
            and (self.tab is not Tab.REPORTED or bool(row.listed))
            and (not query.kind or row.kind == query.kind)
            and (query.least is None or row.score >= query.least)
            and (query.most is None or row.score <= query.most)
            and row.received_at >= self.since
            and (until is None or row.received_at <= until)
            and self._is_marked(row)
        )

    def _is_marked(self, row: AnyRow) -> bool:
        marks = self.query.marks
        is_edited, is_reported = row.content_version > 1, row.reports > 0
        return (is_edited or Mark.EDITED not in marks) and (
            is_reported or Mark.REPORTED not in marks
        )


def _matching(
    connection: Connection, ids: Ids, left: Sequence[Condition], fits: _Fits
) -> list[Key]:
    """The places of those that fit, and meet all conditions that are left."""
    found: list[Key] = []
    for start in range(0, len(ids), STEP):
        some = ids[start : start + STEP]
        rows = [r for r in connection.execute(ROWS.where(COLUMN.id.in_(some))) if fits(r)]
        meeting = {row.id for row in rows}
        for condition in left:
            if meeting:
                meeting &= set(connection.scalars(condition.among(sorted(meeting))))
        is_honest = fits.query.sort is Sort.HONEST
        found += [
            (row.score if is_honest else row.received_at, row.id)
            for row in rows
            if row.id in meeting
        ]
    return found


def _page(keys: list[Key], place: Key | None, sort: Sort, limit: int) -> Found:
    is_down = sort is Sort.NEWEST
    keys.sort(reverse=is_down)
    behind = [k for k in keys if place is None or (k < place if is_down else k > place)]
    shown = behind[:limit]
    older = place_text(shown[-1], sort) if len(behind) > limit else ""
    return Found(tuple(id_ for _, id_ in shown), older)


def _walked(  # all that a walk needs
    connection: Connection,
    walk: Walk,
    place: Key | None,
    left: Sequence[Condition],
    fits: _Fits,
    limit: int,
) -> Found:
    found: list[Key] = []
    size = walk.size(STEP)
    for _ in range(0, BUDGET, STEP):
        keys = walk.step(connection, place, size)
        matching = set(_matching(connection, [id_ for _, id_ in keys], left, fits))
        found += [key for key in keys if key in matching]
        if len(found) > limit:
            return _page(found, None, walk.sort, limit)
        if len(keys) < size:
            return Found(tuple(id_ for _, id_ in found))
        place = keys[-1]
    older = place_text(place, walk.sort) if place is not None else ""
    return Found(tuple(id_ for _, id_ in found), older, is_partial=True)
