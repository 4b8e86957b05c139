"""What the statistics are made of: kept counts, and counts of what is held that stop somewhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, Select, func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from moderator.domain.pages.dashboard import CappedCount
from moderator.domain.pages.stats import (
    AGES,
    DAYS,
    BusyCampaign,
    DecisionCount,
    Statistics,
    agreement,
    automatic,
    day_number,
    intake,
)
from moderator.domain.verdict import DeciderKind, Verdict
from moderator.storage.base.times import MONTH, from_ms, to_ms
from moderator.storage.dashboard.items import IS_HELD
from moderator.storage.schema.tables import (
    campaign_counts,
    campaign_sites,
    campaigns,
    counted,
    decision_counts,
    host_counts,
    submissions,
)

MOST_SITES = 40  # whose sources, campaigns and ages are asked for one by one
COUNT_UP_TO = 1_000
TOP = 10
WEEKS, MONTHS = 5, 2  # that are looked at, this one included
NO_HOST = "*"  # before what is counted beside hosts
WEEK = 604_800_000  # ms


def read_statistics(connection: Connection, known: Sequence[str], now: datetime) -> Statistics:
    today, until = day_number(now), connection.scalar(select(counted.c.until))
    counts = _counts(connection, known, today)
    ages, oldest = _ages(connection, known[:MOST_SITES], now)
    totals = Counter[Verdict]()
    for one in counts:
        totals[one.verdict] += one.number if one.is_first else 0
    return Statistics(
        intake=intake(counts, today),
        automatic=automatic(counts),
        agreement=agreement(counts),
        ages=ages,
        oldest=oldest,
        sources=_sources(connection, known[:MOST_SITES], to_ms(now)),
        campaigns=_campaigns(connection, known[:MOST_SITES], to_ms(now)),
        counted_until=from_ms(until) if until else None,
        totals={verdict: totals[verdict] for verdict in Verdict},
    )


def _counts(connection: Connection, known: Sequence[str], today: int) -> list[DecisionCount]:
    column = decision_counts.c
    kind = (column.day, column.verdict, column.decided_by, column.machine_said, column.is_first)
    wanted = (
        select(*kind, func.sum(column.number).label("number"))
        .where(column.site_id.in_(known), column.day > today - DAYS)
        .group_by(*kind)
    )
    return [
        DecisionCount(
            day=row.day,
            verdict=Verdict(row.verdict),
            decided_by=DeciderKind(row.decided_by),
            machine_said=Verdict(row.machine_said) if row.machine_said else None,
            is_first=bool(row.is_first),
            number=int(row.number),
        )
        for row in connection.execute(wanted)
    ]


def _ages(
    connection: Connection, known: Sequence[str], now: datetime
) -> tuple[tuple[CappedCount, ...], datetime | None]:
    """How much is held of each age, and since when the oldest waits."""
    column = submissions.c
    if not known:
        return tuple(CappedCount(0) for _ in AGES), None
    times = [*(to_ms(now - age) for age in AGES), 0]
    times[0] = to_ms(now + timedelta(days=1))  # what a clock ahead of ours has sent
    branches: list[Select[int, int]] = []
    for place, (until, since) in enumerate(pairwise(times)):
        for site_id in known:
            where: list[ColumnElement[bool]] = [column.site_id == site_id, IS_HELD]
            where += [column.received_at < until, column.received_at >= since]
            some = select(literal(1)).where(*where).limit(COUNT_UP_TO + 1).subquery()
            counting = select(literal(place).label("place"), func.count().label("number"))
            branches.append(counting.select_from(some))
    found = Counter[int]()
    for place, number in connection.execute(union_all(*branches)):
        found[place] += number
    ages = tuple(
        CappedCount(min(found[place], COUNT_UP_TO), is_more=found[place] > COUNT_UP_TO)
        for place in range(len(AGES))
    )
    return ages, _oldest(connection, known)


def _oldest(connection: Connection, known: Sequence[str]) -> datetime | None:
    column = submissions.c
    firsts = [
        select(func.min(column.received_at).label("at")).where(column.site_id == site_id, IS_HELD)
        for site_id in known
    ]
    oldest = connection.scalar(select(func.min(union_all(*firsts).subquery().c.at)))
    return None if oldest is None else from_ms(oldest)


def _sources(connection: Connection, known: Sequence[str], now: int) -> tuple[tuple[str, int], ...]:
    """The hosts that people called spam most often in these months."""
    column, month = host_counts.c, now // MONTH
    branches = [
        select(column.host.label("what"), column.number)
        .where(column.site_id == id_, column.month == month - back, column.is_spam == 1)
        .order_by(column.number.desc())
        .limit(2 * TOP)
        for id_ in known
        for back in range(MONTHS)
    ]
    named = [pair for pair in _most(connection, branches) if not pair[0].startswith(NO_HOST)]
    return tuple(named[:TOP])


def _campaigns(connection: Connection, known: Sequence[str], now: int) -> tuple[BusyCampaign, ...]:
    """The campaigns of which most came in these weeks."""
    column, week = campaign_counts.c, now // WEEK
    branches = [
        select(column.campaign_id.label("what"), column.number)
        .where(column.site_id == id_, column.week == week - back)
        .order_by(column.number.desc())
        .limit(TOP)
        for id_ in known
        for back in range(WEEKS)
    ]
    most = dict(_most(connection, branches)[:TOP])
    share = campaign_sites.c
    wanted = (
        select(campaigns.c.id, share.shape)
        .join(campaign_sites, share.campaign_id == campaigns.c.id)
        .where(campaigns.c.id.in_(most), share.site_id.in_(known), campaigns.c.members > 1)
    )
    shapes: dict[str, str] = {}
    for row in connection.execute(wanted):
        shapes[row.id] = shapes.get(row.id) or row.shape
    return tuple(BusyCampaign(id_, shapes[id_], n) for id_, n in most.items() if id_ in shapes)


def _most(connection: Connection, branches: Iterable[Select[str, int]]) -> list[tuple[str, int]]:
    every = [select(branch.subquery()) for branch in branches]
    if not every:
        return []
    found = Counter[str]()
    for what, number in connection.execute(union_all(*every)):
        found[what] += int(number)
    return found.most_common()
