"""What the pages read: each page in one snapshot, a handful of statements, all on an index."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache

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

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import (
    STATUSES_OF_TAB,
    CampaignPage,
    CappedCount,
    Choices,
    ItemPage,
    ListItem,
    Overview,
    SubmissionPage,
    Tab,
)
from moderator.domain.pages.find import Query
from moderator.domain.pages.log import LogPage, LogQuery
from moderator.domain.pages.sample import day_of
from moderator.domain.pages.stats import Statistics
from moderator.domain.queue import Job
from moderator.storage.base.database import Database
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.dashboard.campaign import read_campaign_page
from moderator.storage.dashboard.find import facets, find
from moderator.storage.dashboard.held_groups import WINDOW, groups
from moderator.storage.dashboard.items import (
    IS_HELD,
    IS_LISTED,
    items_by_id,
    listed,
    newest,
    place_after,
    place_of,
    within,
)
from moderator.storage.dashboard.log import read_colleagues, read_log
from moderator.storage.dashboard.sample import sample
from moderator.storage.dashboard.stats import read_statistics
from moderator.storage.dashboard.submission import COUNT_UP_TO, read_submission_page
from moderator.storage.schema.tables import FRESH, TRIED, decisions, queue, sites, submissions


class DashboardRows:
    """`window` is how many of the newest held ones are looked at first."""

    def __init__(self, database: Database, *, window: int = WINDOW) -> None:
        self._database = database
        self._window = window

    def overview(self, scope: Scope, *, since: datetime, due_before: datetime) -> Overview:
        with self._database.read() as connection:
            known = _known_sites(connection, scope)
            tallies = _tallies(connection, scope, known, self._today())
            return Overview(
                tallies=tallies,
                today={} if tallies[Tab.HELD].number else _verdicts(connection, known, since),
                silent_since=_silent_since(connection, due_before),
            )

    def listing(self, scope: Scope, tab: Tab, *, before: str, limit: int) -> ItemPage:
        with self._database.read() as connection:
            if tab is Tab.HELD:
                return self._groups(connection, scope, before=before, limit=limit)
            if tab is Tab.REPORTED:
                found = listed(connection, scope, before=before, limit=limit + 1)
            elif tab is Tab.SAMPLE:
                found = sample(
                    connection, scope, today=self._today(), before=before, limit=limit + 1
                )
            else:
                found = newest(
                    connection, scope, STATUSES_OF_TAB[tab], before=before, limit=limit + 1
                )
            shown = found[:limit]
            lines = items_by_id(connection, [key for _, key in shown])
            return ItemPage(
                lines=tuple(lines[key] for _, key in shown if key in lines),
                older=place_after(*shown[-1]) if len(found) > limit else "",
                newest=place_after(*shown[0]) if shown else "",
            )

    def find(  # a list, what is asked of it, and a page of that
        self, scope: Scope, tab: Tab, query: Query, *, before: str, limit: int, now: datetime
    ) -> ItemPage:
        with self._database.read() as connection:
            asked = (scope, tab, query)
            found = find(connection, *asked, before=before, limit=limit, now=now)
            lines = items_by_id(connection, found.ids)
            shown = tuple(lines[id_] for id_ in found.ids if id_ in lines)
            return ItemPage(shown, found.older, is_partial=found.is_partial)

    def choices(self, scope: Scope) -> Choices:
        with self._database.read() as connection:
            wanted = select(sites.c.id, sites.c.name).where(*within(sites.c.id, scope))
            names = {row.id: row.name or row.id for row in connection.execute(wanted)}
            return Choices(dict(sorted(names.items())), facets(connection))

    def _today(self) -> int:
        return day_of(to_ms(self._database.now()))

    def _groups(self, connection: Connection, scope: Scope, *, before: str, limit: int) -> ItemPage:
        found = groups(connection, scope, before=before, limit=limit + 1, window=self._window)
        shown = found[:limit]
        lines = items_by_id(connection, [leader for (_, leader), _ in shown])
        return ItemPage(
            lines=tuple(
                replace(lines[leader], members=members)
                for (_, leader), members in shown
                if leader in lines
            ),
            older=place_after(*shown[-1][0]) if len(found) > limit else "",
            newest=place_after(*shown[0][0]) if shown else "",
        )

    def arrived(self, scope: Scope, *, after: str, limit: int) -> int:
        place = place_of(after)
        if place is None:
            return 0
        column = submissions.c
        where = (IS_HELD, column.received_at > place[0], *within(column.site_id, scope))
        some = select(literal(1)).where(*where).limit(limit).subquery()
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(some)) or 0

    def lines(self, scope: Scope, ids: Sequence[str]) -> dict[str, ListItem]:
        with self._database.read() as connection:
            found = items_by_id(connection, ids)
        return {id_: one for id_, one in found.items() if scope is None or one.site_id in scope}

    def submission_page(self, scope: Scope, submission_id: str) -> SubmissionPage | None:
        with self._database.read() as connection:
            return read_submission_page(connection, scope, submission_id)

    def campaign(self, scope: Scope, campaign_id: str, *, limit: int) -> CampaignPage | None:
        with self._database.read() as connection:
            return read_campaign_page(connection, scope, campaign_id, limit=limit)

    def log(self, scope: Scope, query: LogQuery, *, before: str, limit: int) -> LogPage:
        with self._database.read() as connection:
            known = _known_sites(connection, scope)
            return read_log(connection, known, query, before=before, limit=limit)

    def statistics(self, scope: Scope, site: str, now: datetime) -> Statistics:
        with self._database.read() as connection:
            known = _known_sites(connection, scope)
            some = tuple(one for one in known if not site or one == site)
            return read_statistics(connection, some, now)

    def colleagues(self, scope: Scope) -> dict[str, str]:
        with self._database.read() as connection:
            return read_colleagues(connection, scope)


def _known_sites(connection: Connection, scope: Scope) -> tuple[str, ...]:
    return tuple(connection.scalars(select(sites.c.id))) if scope is None else scope


def _tallies(
    connection: Connection, scope: Scope, known: tuple[str, ...], today: int
) -> dict[Tab, CappedCount]:
    numbers = {row[0]: row[1] for row in connection.execute(_counting(scope, known)).all()}
    sampled = sample(connection, scope, today=today, limit=COUNT_UP_TO + 1)
    numbers[Tab.SAMPLE] = len(sampled)
    return {
        tab: CappedCount(min(numbers[tab], COUNT_UP_TO), is_more=numbers[tab] > COUNT_UP_TO)
        for tab in Tab
    }


@lru_cache(maxsize=64)  # to build it costs more than to run it
def _counting(scope: Scope, known: tuple[str, ...]) -> CompoundSelect[str, int]:
    counts = []
    for tab, statuses in STATUSES_OF_TAB.items():
        if tab is Tab.SAMPLE:
            continue
        if tab is Tab.HELD:
            where = (IS_HELD, *within(submissions.c.site_id, scope))
        elif tab is Tab.REPORTED:
            shown = submissions.c.status == literal_column("'approved'")
            where = (IS_LISTED, shown, *within(submissions.c.site_id, scope))
        else:
            where = (submissions.c.site_id.in_(known), submissions.c.status.in_(statuses))
        some = select(literal(1)).where(*where).limit(COUNT_UP_TO + 1).subquery()
        counts.append(select(literal(tab.value).label("tab"), func.count()).select_from(some))
    return union_all(*counts)


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


def _silent_since(connection: Connection, due_before: datetime) -> datetime | None:
    """Since when the oldest due work waits. A claim moves `due_at`, so this is unclaimed work."""
    since = connection.scalar(_waiting(), {"before": to_ms(due_before)})
    return None if since is None else from_ms(since)


@cache
def _waiting() -> Select[int]:
    """When the oldest work that was due before `before` became so."""
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
    return select(func.min(waiting.c.due_at))
