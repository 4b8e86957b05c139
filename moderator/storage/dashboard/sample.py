"""A few of what the machine approved, of each site and day: those that it was least sure of.

From each site's own end of one index, so a day may have any number of others.
"""

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.sample import DAYS, PER_DAY
from moderator.storage.dashboard.items import Place, earlier, place_of, within
from moderator.storage.schema.tables import sites, submissions

COLUMN = submissions.c
OTHER = submissions.alias()
PEOPLE = ("moderator", "blog")
Day = BindParameter[int]


def read_sample(
    connection: Connection, scope: Scope, *, today: int, before: str = "", limit: int
) -> list[Place]:
    """(doubt, id) of those that still stand as the machine left them, most doubt first.

    `today` is a day as domain/pages/sample.py counts them. Raises NotFoundError when `before` is
    no place.
    """
    every = sample(scope, place_of(before)).subquery()
    found = select(every).order_by(every.c.doubt.desc(), every.c.id.desc()).limit(limit)
    return [(row.doubt, row.id) for row in connection.execute(found, days(today))]


def sample(scope: Scope, place: Place | None = None) -> CompoundSelect[int, str]:
    """Doubt and id of those behind a place, in no order; `days` goes with the statement."""
    every = [bindparam(f"day_{back}", type_=Integer) for back in range(DAYS)]
    return union_all(
        *(_of_day(_edge(scope, day, back), day, place) for back, day in enumerate(every))
    )


def days(today: int) -> dict[str, int]:
    """The values of the parameters of `sample`."""
    return {f"day_{back}": today - back for back in range(DAYS)}


def _of_day(edge: CTE, day: Day, place: Place | None) -> Select[tuple[int, str]]:
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


def _edge(scope: Scope, day: Day, number: int) -> CTE:
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


def _let_through(column: ColumnElement[int], day: Day) -> tuple[ColumnElement[bool], ...]:
    """The second is what the partial index holds: it must be written out."""
    return (column == day, column > literal_column("0"))
