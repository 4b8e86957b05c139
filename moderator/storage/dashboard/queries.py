"""What the pages read: each page in one snapshot, a handful of statements, all on an index."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, literal, select

from moderator.domain.account import Scope
from moderator.domain.pages.dashboard import (
    STATUSES_OF_TAB,
    CampaignPage,
    Choices,
    ItemPage,
    ListItem,
    ListRequest,
    Overview,
    QueuePage,
    Standing,
    SubmissionPage,
    Tab,
    Times,
)
from moderator.domain.pages.log import LogPage, LogQuery
from moderator.domain.pages.stats import Statistics
from moderator.storage.base.database import Database
from moderator.storage.dashboard.around import read_overview
from moderator.storage.dashboard.campaign import read_campaign_page
from moderator.storage.dashboard.find import Condition, conditions_of, find
from moderator.storage.dashboard.held_groups import WINDOW, groups, leaders_by_id
from moderator.storage.dashboard.items import (
    IS_HELD,
    items_by_id,
    listed,
    newest,
    place_after,
    place_of,
    within,
)
from moderator.storage.dashboard.known import Known, read_known
from moderator.storage.dashboard.log import read_colleagues, read_log
from moderator.storage.dashboard.sample import read_sample
from moderator.storage.dashboard.stats import read_statistics
from moderator.storage.dashboard.submission import read_standing, read_submission_page
from moderator.storage.schema.tables import submissions

NAMELESS = (Tab.HELD, Tab.REPORTED)  # lists of no site in particular


class DashboardRows:
    """`window` is how many of the newest held ones are looked at first."""

    def __init__(self, database: Database, *, window: int = WINDOW) -> None:
        self._database = database
        self._window = window

    def overview(self, scope: Scope, times: Times) -> Overview:
        with self._database.read() as connection:
            known = read_known(connection, scope, clock=self._database)
            return read_overview(connection, scope, known, times)

    def queue(
        self, scope: Scope, request: ListRequest, times: Times, *, now: datetime
    ) -> QueuePage:
        conditions = () if request.is_list else conditions_of(request.tab, request.query)
        asked = [one.every for one in conditions]
        with self._database.read() as connection:
            known = read_known(
                connection,
                scope,
                asked,
                with_choices=request.with_choices,
                clock=self._database,
            )
            overview = read_overview(connection, scope, known, times)
            page = (
                self._listing(connection, scope, known, request)
                if request.is_list
                else _found(connection, scope, known, request, conditions, now)
            )
            return QueuePage(page, overview, known.choices if request.with_choices else None)

    def listing(self, scope: Scope, request: ListRequest) -> ItemPage:
        with self._database.read() as connection:
            is_needed = request.tab not in NAMELESS
            known = read_known(connection, scope, clock=self._database) if is_needed else Known({})
            return self._listing(connection, scope, known, request)

    def find(self, scope: Scope, request: ListRequest, *, now: datetime) -> ItemPage:
        conditions = conditions_of(request.tab, request.query)
        with self._database.read() as connection:
            known = read_known(connection, scope, [one.every for one in conditions])
            return _found(connection, scope, known, request, conditions, now)

    def choices(self, scope: Scope) -> Choices:
        with self._database.read() as connection:
            return read_known(connection, scope, with_choices=True).choices

    def _listing(
        self, connection: Connection, scope: Scope, known: Known, request: ListRequest
    ) -> ItemPage:
        tab, before, limit = request.tab, request.before, request.limit
        if tab is Tab.HELD:
            return self._groups(connection, scope, before=before, limit=limit)
        if tab is Tab.REPORTED:
            found = listed(connection, scope, before=before, limit=limit + 1)
        elif tab is Tab.SAMPLE:
            found = read_sample(
                connection, scope, today=known.today, before=before, limit=limit + 1
            )
        else:
            statuses = STATUSES_OF_TAB[tab]
            found = newest(connection, known.sites, statuses, before=before, limit=limit + 1)
        shown = found[:limit]
        lines = items_by_id(connection, [key for _, key in shown])
        return ItemPage(
            lines=tuple(lines[key] for _, key in shown if key in lines),
            older=place_after(*shown[-1]) if len(found) > limit else "",
            newest=place_after(*shown[0]) if shown else "",
        )

    def _groups(self, connection: Connection, scope: Scope, *, before: str, limit: int) -> ItemPage:
        found = groups(connection, scope, before=before, limit=limit + 1, window=self._window)
        shown = found[:limit]
        lines = leaders_by_id(connection, scope, {leader: n for (_, leader), n in shown})
        return ItemPage(
            lines=tuple(lines[leader] for (_, leader), _ in shown if leader in lines),
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

    def standing(self, scope: Scope, submission_id: str) -> Standing | None:
        with self._database.read() as connection:
            return read_standing(connection, scope, submission_id)

    def submission_page(self, scope: Scope, submission_id: str) -> SubmissionPage | None:
        with self._database.read() as connection:
            return read_submission_page(connection, scope, submission_id)

    def campaign(self, scope: Scope, campaign_id: str, *, limit: int) -> CampaignPage | None:
        with self._database.read() as connection:
            return read_campaign_page(connection, scope, campaign_id, limit=limit)

    def log(self, scope: Scope, query: LogQuery, *, before: str, limit: int) -> LogPage:
        with self._database.read() as connection:
            known = read_known(connection, scope).sites
            return read_log(connection, known, query, before=before, limit=limit)

    def statistics(self, scope: Scope, site: str, now: datetime) -> Statistics:
        with self._database.read() as connection:
            known = read_known(connection, scope).sites
            some = tuple(one for one in known if not site or one == site)
            return read_statistics(connection, some, now)

    def colleagues(self, scope: Scope) -> dict[str, str]:
        with self._database.read() as connection:
            return read_colleagues(connection, scope)


def _found(  # a page of a list, what is asked of it, what is known of that
    connection: Connection,
    scope: Scope,
    known: Known,
    request: ListRequest,
    conditions: Sequence[Condition],
    now: datetime,
) -> ItemPage:
    found = find(connection, request, known, conditions, is_all=scope is None, now=now)
    lines = items_by_id(connection, found.ids)
    shown = tuple(lines[id_] for id_ in found.ids if id_ in lines)
    return ItemPage(shown, found.older, is_partial=found.is_partial)
