"""One campaign for its page: one range of an index per site, whatever the size of the campaign."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, ScalarResult, select, union_all

from moderator.domain.account import Scope
from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.history.campaign import Campaign, JoinKind, SiteShare
from moderator.domain.pages.dashboard import CampaignPage, CampaignPageMember, ListItem
from moderator.storage.base.times import from_ms
from moderator.storage.base.values import AnyRow, advance_ruling
from moderator.storage.campaigns import read_campaign
from moderator.storage.dashboard.held_groups import PLACE, SITE, held_of
from moderator.storage.dashboard.items import IS_HELD, items_by_id, within
from moderator.storage.schema.tables import advance_rulings, campaign_members, sites, submissions

FEWEST = 2  # members of what has a page
SITES = 64  # whose members are listed: where it began
TIMES = 1_000  # joinings that a timeline shows: the latest


def read_campaign_page(
    connection: Connection, scope: Scope, campaign_id: str, *, limit: int
) -> CampaignPage | None:
    """None when there is no such campaign, or nothing of it is within `scope`."""
    campaign = read_campaign(connection, campaign_id)
    if campaign is None or campaign.members < FEWEST:
        return None
    mine = _mine(campaign, scope)
    if not mine:
        return None
    hosts: Counter[str] = Counter()
    for share in mine.values():
        hosts.update(share.hosts)
    names = _names(connection, list(mine))
    listed = list(mine)[:SITES]
    held = held_of(connection, scope, campaign_id)
    return CampaignPage(
        campaign=campaign,
        shape=next(iter(mine.values())).shape,
        sites=tuple((names.get(site_id, site_id), share) for site_id, share in mine.items()),
        elsewhere=len(campaign.shares) - len(mine),
        hosts=dict(sorted(hosts.items(), key=lambda pair: (-pair[1], pair[0]))),
        members=_members(connection, scope, campaign_id, listed, limit),
        held=held[1] if held else 0,
        newest=f"{held[0][0]}.{held[0][1]}" if held else "",
        times=_times(connection, campaign_id, listed),
        rulings=_rulings(connection, scope, campaign_id),
    )


def _mine(campaign: Campaign, scope: Scope) -> dict[str, SiteShare]:
    """The shares within `scope`, in the order in which the campaign came to the sites."""
    found = [pair for pair in campaign.shares.items() if scope is None or pair[0] in scope]
    return dict(sorted(found, key=lambda pair: (pair[1].first_seen, pair[1].first_id)))


def _names(connection: Connection, site_ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(select(sites.c.id, sites.c.name).where(sites.c.id.in_(site_ids)))
    return {row.id: row.name or row.id for row in rows}


def _rulings(connection: Connection, scope: Scope, campaign_id: str) -> tuple[AdvanceRuling, ...]:
    """Everything that was decided in advance about it, the latest first."""
    column = advance_rulings.c
    wanted = select(advance_rulings).where(
        column.campaign_id == campaign_id, *within(column.site_id, scope)
    )
    rows = connection.execute(wanted.order_by(column.made_at.desc(), column.id)).all()
    return tuple(advance_ruling(row) for row in rows)


def _times(
    connection: Connection, campaign_id: str, site_ids: Sequence[str]
) -> tuple[datetime, ...]:
    """When the latest members on these sites joined, in order."""
    column = campaign_members.c
    branches = [
        select(
            select(column.joined_at)
            .where(column.campaign_id == campaign_id, column.site_id == site_id)
            .order_by(column.joined_at.desc(), column.submission_id.desc())
            .limit(TIMES)
            .subquery()
        )
        for site_id in site_ids
    ]
    merged = union_all(*branches).subquery()
    latest = select(merged.c.joined_at).order_by(merged.c.joined_at.desc()).limit(TIMES)
    return tuple(from_ms(at) for at in sorted(connection.scalars(latest)))


def _members(
    connection: Connection, scope: Scope, campaign_id: str, site_ids: Sequence[str], limit: int
) -> tuple[CampaignPageMember, ...]:
    """The held members on these sites, the latest first; then those that joined first."""
    column, relative = campaign_members.c, submissions.alias()
    found = {
        *_latest_held(connection, scope, campaign_id, limit),
        *_first(connection, campaign_id, site_ids, limit),
    }
    lines = items_by_id(connection, sorted(found))
    joined = connection.execute(
        select(campaign_members, relative.c.site_id.label("relative_site"))
        .outerjoin(relative, relative.c.id == column.relative_id)
        .where(column.submission_id.in_(found))
        .order_by(column.joined_at, column.submission_id)
    ).all()
    waiting = [row for row in joined if _is_held(lines.get(row.submission_id))]
    others = [row for row in joined if not _is_held(lines.get(row.submission_id))]
    return tuple(
        CampaignPageMember(
            line=lines[row.submission_id],
            how=JoinKind(row.how),
            similarity=row.similarity,
            joined_at=from_ms(row.joined_at),
            relative_id=row.relative_id if _is_within(row, scope) else "",
        )
        for row in [*reversed(waiting), *others][:limit]
        if row.submission_id in lines
    )


def _latest_held(
    connection: Connection, scope: Scope, campaign_id: str, limit: int
) -> ScalarResult[str]:
    column = submissions.c
    held = select(column.id).where(IS_HELD, column.campaign_id == campaign_id, *within(SITE, scope))
    # Not by the bare columns: a database may walk all that is held in that order.
    return connection.scalars(held.order_by(PLACE.desc()).limit(limit))


def _first(
    connection: Connection, campaign_id: str, site_ids: Sequence[str], limit: int
) -> ScalarResult[str]:
    """Of each site those that joined first."""
    column = campaign_members.c
    branches = [
        select(
            select(column.submission_id)
            .where(column.campaign_id == campaign_id, column.site_id == site_id)
            # Not by id: a database may walk all members in that order, looking for these.
            .order_by(column.joined_at, column.submission_id)
            .limit(limit)
            .subquery()
        )
        for site_id in site_ids
    ]
    return connection.scalars(union_all(*branches))


def _is_held(line: ListItem | None) -> bool:
    return line is not None and line.status == "hold"


def _is_within(row: AnyRow, scope: Scope) -> bool:
    """Whether the relative may be named."""
    return row.relative_site is not None and (scope is None or row.relative_site in scope)
