"""What is held, with the same texts of a site as one line: by the newest of them.

A queue may hold 100,000 of them, so in this order:
1. look at the newest few; when they show a page of different texts, count only those texts;
2. else few texts fill the queue: group all of it, which is cheap for just that reason.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, Select, func, literal, literal_column, select, union_all

from moderator.domain.account import Scope
from moderator.storage.lines import IS_HELD, within
from moderator.storage.tables import submissions

WINDOW = 500
Key = tuple[str, str]  # site and text; of what has no text key: its id and ''
Group = tuple[str, int]  # the id of the newest member, how many members

COLUMN = submissions.c
HAS_KEY = COLUMN.text_key != literal_column("''")
# Ids sort by time, so the newest member stands for its group and for its place in the list.
LEADER = func.max(COLUMN.id).label("leader")
MEMBERS = func.count().label("members")


def groups(
    connection: Connection, scope: Scope, *, before: str, limit: int, window: int = WINDOW
) -> list[Group]:
    """The newest groups whose newest member comes before the id `before` ('' for all)."""
    found = _among_newest(connection, scope, before=before, limit=limit, window=window)
    return _among_all(connection, scope, before=before, limit=limit) if found is None else found


def _among_newest(
    connection: Connection, scope: Scope, *, before: str, limit: int, window: int
) -> list[Group] | None:
    """None when the newest few do not tell."""
    rows = connection.execute(_newest(scope, before).limit(window)).all()
    keys = [(row.site_id, row.text_key) if row.text_key else (row.id, "") for row in rows]
    leaders: dict[Key, str] = {}
    for key, row in zip(keys, rows, strict=True):
        leaders.setdefault(key, row.id)
    is_last = len(rows) < window
    if is_last and not before:
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


def _newest(scope: Scope, before: str) -> Select[tuple[str, str, str]]:
    found = select(COLUMN.id, COLUMN.site_id, COLUMN.text_key).where(IS_HELD)
    if before:
        found = found.where(COLUMN.id < before)
    if scope is not None:
        # Not a bare column: the index of each site's texts would be read whole and sorted.
        found = found.where(func.coalesce(COLUMN.site_id, "").in_(scope))
    return found.order_by(COLUMN.id.desc())


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
    return {(row.site_id, row.text_key): (row.leader, row.members) for row in rows}


def _among_all(connection: Connection, scope: Scope, *, before: str, limit: int) -> list[Group]:
    mine = within(COLUMN.site_id, scope)
    alike = (
        select(LEADER, MEMBERS)
        .where(IS_HELD, HAS_KEY, *mine)
        .group_by(COLUMN.site_id, COLUMN.text_key)
    )
    alone = select(COLUMN.id.label("leader"), literal(1).label("members")).where(
        IS_HELD, COLUMN.text_key == literal_column("''"), *mine
    )
    if before:
        alike = alike.having(func.max(COLUMN.id) < before)
        alone = alone.where(COLUMN.id < before)
    branches = [
        select(found.order_by(found.selected_columns[0].desc()).limit(limit).subquery())
        for found in (alike, alone)
    ]
    merged = union_all(*branches).subquery()
    rows = connection.execute(select(merged).order_by(merged.c.leader.desc()).limit(limit))
    return [(row.leader, row.members) for row in rows]
