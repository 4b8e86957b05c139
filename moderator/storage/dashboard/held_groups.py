"""What is held, with the same texts of a site as one line: by the newest of them.

A queue may hold 100,000 of them, so in this order:
1. look at the newest few; when they show a page of different texts, count only those texts;
2. else few texts fill the queue: group all of it, which is cheap for just that reason.

The newest is who came last. Not by the bare id, though ids sort by time: the primary key has that
order too, and PostgreSQL may walk it all, looking for what is held.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import (
    Connection,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.storage.dashboard.items import IS_HELD, Place, earlier, place_after, place_of, within
from moderator.storage.schema.tables import submissions

WINDOW = 500
FEW_SITES = 8  # up to which the newest of each site are merged
Key = tuple[str, str]  # site and text; of what has no text key: its id and ''
Group = tuple[Place, int]  # of the newest member, and how many members

COLUMN = submissions.c
HAS_KEY = COLUMN.text_key != literal_column("''")
# A place as text sorts as it should: times have thirteen digits from 2001 to 2286.
PLACE = cast(COLUMN.received_at, Text).concat(literal_column("'.'")).concat(COLUMN.id)
LEADER = func.max(PLACE).label("leader")
MEMBERS = func.count().label("members")


def groups(
    connection: Connection, scope: Scope, *, before: str, limit: int, window: int = WINDOW
) -> list[Group]:
    """The newest groups whose newest member comes before the place `before` ('' for all).

    Raises NotFoundError when that is no place.
    """
    place = place_of(before)
    found = _among_newest(connection, scope, place, limit=limit, window=window)
    return _among_all(connection, scope, place, limit=limit) if found is None else found


def _among_newest(
    connection: Connection, scope: Scope, before: Place | None, *, limit: int, window: int
) -> list[Group] | None:
    """None when the newest few do not tell."""
    rows = connection.execute(_newest(scope, before, window)).all()
    keys = [(row.site_id, row.text_key) if row.text_key else (row.id, "") for row in rows]
    leaders: dict[Key, Place] = {}
    for key, row in zip(keys, rows, strict=True):
        leaders.setdefault(key, (row.received_at, row.id))
    is_last = len(rows) < window
    if is_last and before is None:
        members = Counter(keys)
        return [(leader, members[key]) for key, leader in leaders.items()][:limit]
    if not is_last and len(leaders) < limit:
        return None
    asked = list(leaders.items())[: 2 * limit]
    known = _counted(connection, [key for key, _ in asked if key[1]])
    # One whose newest member stands before this page was shown there.
    found = [known.get(key, (leader, 1)) for key, leader in asked]
    found = [one for one, (_, leader) in zip(found, asked, strict=True) if one[0] == leader]
    is_all = is_last and len(asked) == len(leaders)
    return found[:limit] if is_all or len(found) >= limit else None


def _newest(scope: Scope, before: Place | None, window: int) -> Select[tuple[str, str, str, int]]:
    found = select(COLUMN.id, COLUMN.site_id, COLUMN.text_key, COLUMN.received_at).where(
        IS_HELD, *_before(before)
    )
    newest = found.order_by(COLUMN.received_at.desc(), COLUMN.id.desc()).limit(window)
    if scope is None:
        return newest
    if not 0 < len(scope) <= FEW_SITES:
        # Not a bare column: the index of each site's texts would be read whole and sorted.
        return newest.where(func.coalesce(COLUMN.site_id, "").in_(scope))
    merged = union_all(
        *(select(newest.where(COLUMN.site_id == site_id).subquery()) for site_id in scope)
    ).subquery()
    return select(merged).order_by(merged.c.received_at.desc(), merged.c.id.desc()).limit(window)


def _before(place: Place | None) -> Sequence[ColumnElement[bool]]:
    return () if place is None else earlier(COLUMN.received_at, COLUMN.id, place)


def _counted(connection: Connection, keys: Sequence[Key]) -> dict[Key, Group]:
    """Newest member and number of members of these texts."""
    if not keys:
        return {}
    rows = connection.execute(
        select(COLUMN.site_id, COLUMN.text_key, LEADER, MEMBERS)
        .where(
            IS_HELD,
            COLUMN.site_id.in_({site_id for site_id, _ in keys}),
            COLUMN.text_key.in_({text_key for _, text_key in keys}),
        )
        .group_by(COLUMN.site_id, COLUMN.text_key)
    )
    return {(row.site_id, row.text_key): (_place(row.leader), row.members) for row in rows}


def _among_all(
    connection: Connection, scope: Scope, before: Place | None, *, limit: int
) -> list[Group]:
    mine = within(COLUMN.site_id, scope)
    alike = (
        select(LEADER, MEMBERS)
        .where(IS_HELD, HAS_KEY, *mine)
        .group_by(COLUMN.site_id, COLUMN.text_key)
    )
    alone = select(PLACE.label("leader"), literal(1).label("members")).where(
        IS_HELD, COLUMN.text_key == literal_column("''"), *mine, *_before(before)
    )
    if before is not None:
        alike = alike.having(func.max(PLACE) < place_after(*before))
    branches = [
        select(found.order_by(found.selected_columns[0].desc()).limit(limit).subquery())
        for found in (alike, alone)
    ]
    merged = union_all(*branches).subquery()
    rows = connection.execute(select(merged).order_by(merged.c.leader.desc()).limit(limit))
    return [(_place(row.leader), row.members) for row in rows]


def _place(text: str) -> Place:
    at, _, id_ = text.partition(".")
    return int(at), id_
