"""A few of what the machine approved, of each site and day: those that it was least sure of.

From each site's own end of one index, so a day may have any number of others.
"""

from sqlalchemy import CTE, Connection, Select, func, literal_column, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.sample import DAYS, PER_DAY
from moderator.storage.dashboard.items import Place, earlier, place_of, within
from moderator.storage.schema.tables import sites, submissions

COLUMN = submissions.c
OTHER = submissions.alias()
PEOPLE = ("moderator", "blog")


def sample(
    connection: Connection, scope: Scope, *, today: int, before: str = "", limit: int
) -> list[Place]:
    """(doubt, id) of those that still stand as the machine left them, most doubt first.

    `today` is a day as domain/pages/sample.py counts them. Raises NotFoundError when `before` is
    none.
    """
    place = place_of(before)
    days = [_of_day(_edge(scope, today - back, back), today - back, place) for back in range(DAYS)]
    every = union_all(*days).subquery()
    found = select(every).order_by(every.c.doubt.desc(), every.c.id.desc()).limit(limit)
    return [(row.doubt, row.id) for row in connection.execute(found)]


def _of_day(edge: CTE, day: int, place: Place | None) -> Select[tuple[int, str]]:
    found = (
        select(COLUMN.doubt, COLUMN.id)
        .select_from(edge)
        .join(submissions, COLUMN.site_id == edge.c.id)
        .where(
            *_let_through(COLUMN.let_through_on, day),
            COLUMN.doubt >= edge.c.least,
            COLUMN.status == "approved",
            COLUMN.decided_by.not_in(PEOPLE),
        )
    )
    return found if place is None else found.where(*earlier(COLUMN.doubt, COLUMN.id, place))


def _edge(scope: Scope, day: int, number: int) -> CTE:
    """The least doubt that is in the sample of each site.

    Found first: else SQLite looks for it again at every row.
    """
    least = (
        select(OTHER.c.doubt)
        .where(OTHER.c.site_id == sites.c.id, *_let_through(OTHER.c.let_through_on, day))
        .order_by(OTHER.c.doubt.desc())
        .offset(PER_DAY - 1)
        .limit(1)
        .scalar_subquery()
        .correlate(sites)
    )
    edges = select(sites.c.id, func.coalesce(least, 0).label("least"))
    every = edges.where(*within(sites.c.id, scope))
    return every.cte(f"edge_{number}").prefix_with("MATERIALIZED")


def _let_through(column: ColumnElement[int], day: int) -> tuple[ColumnElement[bool], ...]:
    """The second is what the partial index holds: it must be written out."""
    return (column == day, column > literal_column("0"))
