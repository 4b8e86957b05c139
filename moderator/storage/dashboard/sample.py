"""A few of what the machine approved, of each site and day: those that it was least sure of.

From each site's own end of one index, so a day may have any number of others.
"""

from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    BigInteger,
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.sample import DAY_MS, DAYS, PER_DAY, day_of
from moderator.storage.base.database import POSTGRES_NOW, Database
from moderator.storage.base.times import to_ms
from moderator.storage.dashboard.items import Place, earlier, place_of, within
from moderator.storage.schema.tables import sites, submissions

COLUMN = submissions.c
OTHER = submissions.alias()
PEOPLE = ("moderator", "blog")
Day = ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Today:
    """The day that goes on, by the database's clock; `given` goes with every statement about it."""

    is_postgres: bool
    given: dict[str, int]


def today_of(database: Database) -> Today:
    is_postgres = database.is_postgres
    given = {} if is_postgres else {"today": day_of(to_ms(database.now()))}
    return Today(is_postgres, given)


def today_sql(*, is_postgres: bool) -> Day:
    """A day as domain/pages/sample.py counts them. PostgreSQL tells it itself."""
    if is_postgres:
        return literal_column(f"({POSTGRES_NOW} / {DAY_MS})", BigInteger)
    return bindparam("today", type_=BigInteger)


def read_sample(
    connection: Connection, scope: Scope, *, today: Today, before: str = "", limit: int
) -> list[Place]:
    """(doubt, id) of those that still stand as the machine left them, most doubt first.

    Raises NotFoundError when `before` is no place.
    """
    every = sample(scope, today_sql(is_postgres=today.is_postgres), place_of(before)).subquery()
    found = select(every).order_by(every.c.doubt.desc(), every.c.id.desc()).limit(limit)
    return [(row.doubt, row.id) for row in connection.execute(found, today.given)]


def sample(scope: Scope, today: Day, place: Place | None = None) -> CompoundSelect[int, str]:
    """Doubt and id of those behind a place, in no order."""
    days = [today - literal_column(str(back)) for back in range(DAYS)]
    return union_all(
        *(_of_day(_edge(scope, day, back), day, place) for back, day in enumerate(days))
    )


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
