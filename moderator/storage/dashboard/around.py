"""What stands around every list: how many each holds, and since when no worker took due work.

Counted by one statement; what was decided lately by another, where nothing is held.
"""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any  # what a statement selects is typed by nobody

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import STATUSES_OF_TAB, CappedCount, Overview, Tab, Times
from moderator.domain.queue import Job
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.dashboard.items import IS_HELD, IS_LISTED, within
from moderator.storage.dashboard.known import Known
from moderator.storage.dashboard.sample import days, sample
from moderator.storage.dashboard.submission import COUNT_UP_TO
from moderator.storage.schema.tables import FRESH, TRIED, decisions, queue, submissions

SILENT = "silent"


def read_overview(connection: Connection, scope: Scope, known: Known, times: Times) -> Overview:
    """`known` are the asker's sites, and what day it is."""
    asked = _counting(scope, known.sites)
    given = {"before": to_ms(times.due_before), **days(known.today)}
    found: dict[str, Any] = {row[0]: row[1] for row in connection.execute(asked, given)}
    tallies = {
        tab: CappedCount(min(found[tab], COUNT_UP_TO), is_more=found[tab] > COUNT_UP_TO)
        for tab in Tab
    }
    since: int | None = found[SILENT]
    return Overview(
        tallies=tallies,
        today={} if tallies[Tab.HELD].number else _verdicts(connection, known.sites, times.since),
        silent_since=None if since is None else from_ms(since),
    )


@lru_cache(maxsize=64)  # to build it costs more than to run it
def _counting(scope: Scope, known: tuple[str, ...]) -> CompoundSelect[str, int]:
    counts: list[Select[*tuple[Any, ...]]] = []
    some: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
    for tab, statuses in STATUSES_OF_TAB.items():
        if tab is Tab.SAMPLE:
            some = sample(scope).limit(COUNT_UP_TO + 1)
        elif tab is Tab.HELD:
            some = _ones(IS_HELD, *within(submissions.c.site_id, scope))
        elif tab is Tab.REPORTED:
            shown = submissions.c.status == literal_column("'approved'")
            some = _ones(IS_LISTED, shown, *within(submissions.c.site_id, scope))
        else:
            some = _ones(submissions.c.site_id.in_(known), submissions.c.status.in_(statuses))
        number = select(literal(tab.value).label("tab"), func.count().label("number"))
        counts.append(number.select_from(some.subquery()))
    return union_all(*counts, _waiting())


def _ones(*where: ColumnElement[bool]) -> Select[int]:
    return select(literal(1)).where(*where).limit(COUNT_UP_TO + 1)


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


@cache
def _waiting() -> Select[str, int]:
    """When the oldest work that was due before `before` became so, if none of it was taken.

    A claim moves `due_at`, so this is unclaimed work.
    """
    older = queue.alias()
    # Callbacks wait for those before them.
    is_free = (
        ~select(literal(1)).where(older.c.lane == queue.c.lane, older.c.id < queue.c.id).exists()
    )
    oldest = [
        select(queue.c.due_at)
        .where(queue.c.job == job.value, queue.c.due_at < bindparam("before"), half)
        .where(*([is_free] if job is Job.DELIVER else ()))
        .order_by(queue.c.due_at)
        .limit(1)
        .subquery()
        for job in Job
        for half in (FRESH, TRIED)
    ]
    waiting = union_all(*(select(one) for one in oldest)).subquery()
    return select(literal(SILENT), func.min(waiting.c.due_at))
