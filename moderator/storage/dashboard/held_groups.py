"""What is held, with a campaign as one line: by the newest of its held members.

A queue may hold 100,000 of them, so in this order:
1. look at the newest few; when they show a page of lines, count only the campaigns among those;
2. else few campaigns fill the queue: group all of it, which is cheap for just that reason.

The newest is who came last. Not by the bare id, though ids sort by time: the primary key has that
order too, and PostgreSQL may walk it all, looking for what is held.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    Connection,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import ListItem
from moderator.storage.dashboard.items import (
    IS_HELD,
    LINES,
    Place,
    earlier,
    items_by_id,
    list_item,
    place_after,
    place_of,
    within,
)
from moderator.storage.schema.tables import submissions

WINDOW = 500
FEW_SITES = 8  # up to which the newest of each site are merged
Key = tuple[str, str]  # campaign; of what is in none: '' and its id
Group = tuple[Place, int]  # of the newest member, and how many members
UNCOUNTED = 0  # members: they are counted with the lines

COLUMN = submissions.c
IS_GATHERED = COLUMN.campaign_id != literal_column("''")
IS_ALONE = COLUMN.campaign_id == literal_column("''")
# Not a bare column: the index of each site's texts would be read whole.
SITE = func.coalesce(COLUMN.site_id, "")
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
    keys = [(row.campaign_id, "" if row.campaign_id else row.id) for row in rows]
    leaders: dict[Key, Place] = {}
    for key, row in zip(keys, rows, strict=True):
        leaders.setdefault(key, (row.received_at, row.id))
    is_last = len(rows) < window
    if is_last and before is None:
        members = Counter(keys)
        return [(leader, members[key]) for key, leader in leaders.items()][:limit]
    if not is_last and len(leaders) < limit:
        return None
    if before is None:
        return [(leader, UNCOUNTED) for leader in leaders.values()][:limit]
    asked = list(leaders.items())[: 2 * limit]
    known = _counted(connection, scope, [campaign_id for (campaign_id, _), _ in asked])
    # One whose newest member stands before this page was shown there.
    found = [known.get(key, (leader, 1)) for key, leader in asked]
    found = [one for one, (_, leader) in zip(found, asked, strict=True) if one[0] == leader]
    is_all = is_last and len(asked) == len(leaders)
    return found[:limit] if is_all or len(found) >= limit else None


def _newest(scope: Scope, before: Place | None, window: int) -> Select[tuple[str, str, int]]:
    found = select(COLUMN.id, COLUMN.campaign_id, COLUMN.received_at).where(
        IS_HELD, *_before(before)
    )
    newest = found.order_by(COLUMN.received_at.desc(), COLUMN.id.desc()).limit(window)
    if scope is None:
        return newest
    if not 0 < len(scope) <= FEW_SITES:
        return newest.where(SITE.in_(scope))
    merged = union_all(
        *(select(newest.where(COLUMN.site_id == site_id).subquery()) for site_id in scope)
    ).subquery()
    return select(merged).order_by(merged.c.received_at.desc(), merged.c.id.desc()).limit(window)


def _before(place: Place | None) -> Sequence[ColumnElement[bool]]:
    return () if place is None else earlier(COLUMN.received_at, COLUMN.id, place)


def held_of(connection: Connection, scope: Scope, campaign_id: str) -> Group | None:
    """The newest held member of a campaign, and how many there are; None for none."""
    return _counted(connection, scope, [campaign_id]).get((campaign_id, ""))


def held_beside(scope: Scope) -> ColumnElement[str]:
    """The same beside a row of submissions that is held in a campaign, as text (`group_of`)."""
    other = submissions.alias("member")
    place = cast(other.c.received_at, Text).concat(literal_column("'.'")).concat(other.c.id)
    number = cast(func.count(), Text).concat(literal_column("':'"))
    members = (
        select(number.concat(func.max(place)))
        .where(
            other.c.status == literal_column("'hold'"),
            other.c.campaign_id == COLUMN.campaign_id,
            *within(func.coalesce(other.c.site_id, ""), scope),
        )
        .correlate(submissions)
        .scalar_subquery()
    )
    return case((IS_HELD & IS_GATHERED, members), else_="")


def group_of(text: str) -> Group:
    number, _, place = text.partition(":")
    return _place(place), int(number)


def leaders_by_id(
    connection: Connection, scope: Scope, members: Mapping[str, int]
) -> dict[str, ListItem]:
    """Lines of those that stand for their groups, each with how many members it has."""
    if UNCOUNTED not in members.values():
        lines = items_by_id(connection, list(members))
        return {id_: replace(line, members=members[id_]) for id_, line in lines.items()}
    asked = LINES.add_columns(held_beside(scope).label("held")).where(COLUMN.id.in_(members))
    return {
        row.id: list_item(row, group_of(row.held)[1] if row.held else 1)
        for row in connection.execute(asked)
    }


def _counted(connection: Connection, scope: Scope, campaign_ids: Sequence[str]) -> dict[Key, Group]:
    """Newest member and number of members of these campaigns, by key."""
    wanted = {campaign_id for campaign_id in campaign_ids if campaign_id}
    if not wanted:
        return {}
    rows = connection.execute(
        select(COLUMN.campaign_id, LEADER, MEMBERS)
        .where(IS_HELD, COLUMN.campaign_id.in_(wanted), *within(SITE, scope))
        .group_by(COLUMN.campaign_id)
    )
    return {(row.campaign_id, ""): (_place(row.leader), row.members) for row in rows}


def _among_all(
    connection: Connection, scope: Scope, before: Place | None, *, limit: int
) -> list[Group]:
    mine = within(COLUMN.site_id, scope)
    alike = select(LEADER, MEMBERS).where(IS_HELD, IS_GATHERED, *mine).group_by(COLUMN.campaign_id)
    alone = select(PLACE.label("leader"), literal(1).label("members")).where(
        IS_HELD, IS_ALONE, *mine, *_before(before)
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
