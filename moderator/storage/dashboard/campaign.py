"""One campaign for its page: one range of an index per site, whatever the size of the campaign."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, select, union_all

from moderator.domain.account import Scope
from moderator.domain.history.campaign import Campaign, JoinKind, SiteShare
from moderator.domain.pages.dashboard import CampaignPage, CampaignPageMember
from moderator.storage.base.times import from_ms
from moderator.storage.base.values import AnyRow
from moderator.storage.campaigns import read_campaign
from moderator.storage.dashboard.items import items_by_id
from moderator.storage.schema.tables import campaign_members, sites, submissions

SITES = 64  # whose members are listed: where it began


def read_campaign_page(
    connection: Connection, scope: Scope, campaign_id: str, *, limit: int
) -> CampaignPage | None:
    """None when there is no such campaign, or nothing of it is within `scope`."""
    campaign = read_campaign(connection, campaign_id)
    if campaign is None or not campaign.is_shown:
        return None
    mine = _mine(campaign, scope)
    if not mine:
        return None
    hosts: Counter[str] = Counter()
    for share in mine.values():
        hosts.update(share.hosts)
    names = _names(connection, list(mine))
    return CampaignPage(
        campaign=campaign,
        shape=next(iter(mine.values())).shape,
        sites=tuple((names.get(site_id, site_id), share) for site_id, share in mine.items()),
        elsewhere=len(campaign.shares) - len(mine),
        hosts=dict(sorted(hosts.items(), key=lambda pair: (-pair[1], pair[0]))),
        members=_first(connection, scope, campaign_id, list(mine)[:SITES], limit),
    )


def _mine(campaign: Campaign, scope: Scope) -> dict[str, SiteShare]:
    """The shares within `scope`, in the order in which the campaign came to the sites."""
    found = [pair for pair in campaign.shares.items() if scope is None or pair[0] in scope]
    return dict(sorted(found, key=lambda pair: (pair[1].first_seen, pair[1].first_id)))


def _names(connection: Connection, site_ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(select(sites.c.id, sites.c.name).where(sites.c.id.in_(site_ids)))
    return {row.id: row.name or row.id for row in rows}


def _first(
    connection: Connection, scope: Scope, campaign_id: str, site_ids: Sequence[str], limit: int
) -> tuple[CampaignPageMember, ...]:
    """The members on these sites that joined first."""
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
    merged = union_all(*branches).subquery()
    relative = submissions.alias()
    rows = connection.execute(
        select(campaign_members, relative.c.site_id.label("relative_site"))
        .join(merged, merged.c.submission_id == column.submission_id)
        .outerjoin(relative, relative.c.id == column.relative_id)
        .order_by(column.joined_at, column.submission_id)
        .limit(limit)
    ).all()
    lines = items_by_id(connection, [row.submission_id for row in rows])
    return tuple(
        CampaignPageMember(
            line=lines[row.submission_id],
            how=JoinKind(row.how),
            similarity=row.similarity,
            joined_at=from_ms(row.joined_at),
            relative_id=row.relative_id if _is_within(row, scope) else "",
        )
        for row in rows
        if row.submission_id in lines
    )


def _is_within(row: AnyRow, scope: Scope) -> bool:
    """Whether the relative may be named."""
    return row.relative_site is not None and (scope is None or row.relative_site in scope)
