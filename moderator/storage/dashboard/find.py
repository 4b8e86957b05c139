"""Finds what a moderator looks for, in any order, at a bounded cost.

In this order:
1. each word, facet and mark names at most FEW submissions by an index: what all of them name is
   looked at, whatever its place;
2. where each names more than that, the list is walked in its order, STEP by STEP, until a page is
   full or BUDGET were looked at; then the place is told from where to look on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, literal, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.pages.dashboard import STATUSES_OF_TAB, ListRequest, Tab
from moderator.domain.pages.find import Mark, Query, Sort
from moderator.storage.base.times import to_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.dashboard.known import Asked, Known
from moderator.storage.dashboard.walk import ROWS, Key, Walk, key_of, place_text
from moderator.storage.schema.tables import deliveries, search_words, submissions

STEP = 500
BUDGET = 4_000
LAST = "\U0010ffff"  # stands behind every character
COLUMN, WORD = submissions.c, search_words.c
IS_DEAD = deliveries.c.state == literal_column("'dead'")
IS_EDITED = COLUMN.content_version > literal_column("1")
IS_REPORTED = COLUMN.reports > literal_column("0")


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
    """One thing that is asked. `every` names all that meet it; `one` finds it for the id of a row,
    None where the row itself tells.
    """

    every: Asked
    one: Asked | None = None
    key: ColumnElement[str] | None = None  # of `one`: the submission's id

    def met_by(self, id_: ColumnElement[str]) -> Iterator[ColumnElement[int]]:
        """Whether one is there. With a limit: PostgreSQL would else read all that meet it."""
        if self.one is not None and self.key is not None:
            yield self.one.where(self.key == id_).limit(1).scalar_subquery()


def conditions_of(tab: Tab, query: Query) -> list[Condition]:
    return [*_words(query), *_marks(tab, query)]


def find(  # a page of a list, what is asked of it, what is known of that
    connection: Connection,
    request: ListRequest,
    known: Known,
    conditions: Sequence[Condition],
    *,
    is_all: bool,
    now: datetime,
) -> Found:
    """`is_all` says that the known sites are all there are.

    Raises NotFoundError when `request.before` is no place.
    """
    tab, query = request.tab, request.query
    if tab is not Tab.HELD and query.sort is Sort.HONEST:  # what waits has that order
        query = replace(query, sort=Sort.NEWEST)
    place = key_of(request.before, query.sort) if request.before else None
    sites = tuple(site for site in known.sites if not query.site or site == query.site)
    if not sites:
        return Found(())
    fits = _Fits(tab, frozenset(sites), query, now)
    named, left = _named(known, conditions)
    if named is not None:
        keys = _among(connection, named, left, fits)
        return _page(keys, place, query.sort, request.limit)
    is_all = is_all and not query.site
    walk = Walk(tab, sites, query.sort, is_all=is_all, since=fits.since, until=fits.until)
    return _walked(connection, walk, place, left, fits, request.limit)


def _words(query: Query) -> Iterable[Condition]:
    for word in query.words:
        yield _of_words(WORD.word >= word, WORD.word < word + LAST)
    for facet in query.facets:
        yield _of_words(WORD.word == facet)


def _of_words(*where: ColumnElement[bool]) -> Condition:
    return Condition(
        select(WORD.submission_id).where(*where),
        select(literal(1)).where(*where),
        WORD.submission_id,
    )


def _marks(tab: Tab, query: Query) -> Iterable[Condition]:
    statuses = STATUSES_OF_TAB[tab]
    for mark, where in ((Mark.EDITED, IS_EDITED), (Mark.REPORTED, IS_REPORTED)):
        if mark in query.marks:
            yield Condition(select(COLUMN.id).where(where, COLUMN.status.in_(statuses)))
    if Mark.FAILED in query.marks:
        yield Condition(
            select(deliveries.c.submission_id).where(IS_DEAD),
            select(literal(1)).where(func.coalesce(deliveries.c.state, "") == "dead"),
            deliveries.c.submission_id,
        )


def _named(
    known: Known, conditions: Sequence[Condition]
) -> tuple[frozenset[str] | None, list[Condition]]:
    """What all those that name few have in common (None: all name many), and the others."""
    few = [ids for ids in known.named if ids is not None]
    pairs = zip(conditions, known.named, strict=True)
    left = [condition for condition, ids in pairs if ids is None]
    return (frozenset.intersection(*few) if few else None), left


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


def _among(
    connection: Connection, ids: Iterable[str], left: Sequence[Condition], fits: _Fits
) -> list[Key]:
    """The places of those of some that fit, and meet all conditions that are left."""
    wanted = sorted(ids)
    if not wanted:
        return []
    key = COLUMN.score if fits.query.sort is Sort.HONEST else COLUMN.received_at
    met = (one for condition in left for one in condition.met_by(COLUMN.id))
    asked = select(key, *ROWS, *met).where(COLUMN.id.in_(wanted))
    return [(row[0], row.id) for row in connection.execute(asked) if _is_met(row) and fits(row)]


def _is_met(row: AnyRow) -> bool:
    """Whether all conditions are, which stand behind the columns of a row."""
    return all(row[len(ROWS) + 1 :])


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
    """At first a step, which most pages are full with, then all that the budget is left for."""
    found: list[Key] = []
    size = walk.size(STEP)
    for many in (size, size * (BUDGET // STEP - 1)):
        chosen = walk.step(place, many)
        met = (one for condition in left for one in condition.met_by(chosen.c.id))
        rows = connection.execute(walk.ordered(select(chosen, *met), chosen)).all()
        found += [(row[0], row.id) for row in rows if _is_met(row) and fits(row)]
        if len(found) > limit:
            return _page(found, None, walk.sort, limit)
        if len(rows) < many:
            return Found(tuple(id_ for _, id_ in found))
        place = (rows[-1][0], rows[-1].id)
    older = place_text(place, walk.sort) if place is not None else ""
    return Found(tuple(id_ for _, id_ in found), older, is_partial=True)
