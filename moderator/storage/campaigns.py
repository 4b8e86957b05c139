"""Campaigns as rows: who is in which, who joins with a decision, who leaves by being erased.

Counts are kept, so a member costs the same whether it is the tenth or the hundred-thousandth. All
writers take rows in one order: members by id, then campaigns by id, then shares; whoever holds a
campaign's row is alone with its shares.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from moderator.domain.history.campaign import (
    MIN_SHOWN_MEMBERS,
    Campaign,
    CampaignMember,
    SiteShare,
    campaign_of,
    site_share_of,
)
from moderator.domain.queue import Ticket
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Database, Parameters, Statement
from moderator.storage.base.payload import dump, load_counts, load_names
from moderator.storage.base.times import from_ms, to_ms

FOUND = SelectIn(
    "SELECT m.submission_id, c.id, c.members, c.first_seen, c.last_seen FROM campaign_members m"
    " JOIN campaigns c ON c.id = m.campaign_id WHERE m.submission_id IN {many}"
)
ONE = Statement("SELECT members, first_seen, last_seen FROM campaigns WHERE id = :id")
SHARE = (
    "SELECT s.campaign_id, s.site_id, s.first_id, s.shape, s.first_seen, s.last_seen, s.members,"
    " s.hosts FROM"
)
SHARES = SelectIn(f"{SHARE} campaign_sites s WHERE s.campaign_id IN {{many}}")
OWN_SHARES = SelectIn(
    f"{SHARE} (VALUES {{rows}}) AS k CROSS JOIN campaign_sites s"
    " WHERE s.campaign_id = k.column1 AND s.site_id = k.column2"
)
# What is shown as the campaign of a submission, for statements that read submissions.
SHOWN_ID = (
    "coalesce((SELECT c.id FROM campaigns c WHERE c.id = submissions.campaign_id"  # noqa: S608  # a number of ours
    f" AND c.members >= {MIN_SHOWN_MEMBERS}), '')"
)
# By its place in the index of texts: by id alone a database may choose to walk all submissions.
FIRST_ANYWHERE = SelectIn(
    "SELECT s.id, (SELECT f.id FROM submissions f WHERE f.text_key = s.text_key"
    " AND f.text_key <> '' ORDER BY f.received_at, f.id LIMIT 1)"
    " FROM submissions s WHERE s.id IN {many} AND s.text_key <> ''"
)

JOIN = InsertRows(
    "campaign_members",
    "submission_id campaign_id site_id joined_at how relative_id similarity hosts",
    ending="ON CONFLICT DO NOTHING RETURNING submission_id",
)
JOINED = SelectIn(
    "SELECT submission_id, campaign_id FROM campaign_members WHERE submission_id IN {many}"
)
FOLLOW = Statement(
    "UPDATE campaign_members SET campaign_id = :campaign_id WHERE submission_id = :submission_id"
)
# The same again beside the submission, by which what is held is grouped.
PLACE = Statement("UPDATE submissions SET campaign_id = :campaign_id WHERE id = :id")
COUNT = InsertRows(
    "campaigns",
    "id members first_seen last_seen",
    ending="ON CONFLICT (id) DO UPDATE SET members = campaigns.members + excluded.members,"
    " first_seen = CASE WHEN excluded.first_seen < campaigns.first_seen"
    " THEN excluded.first_seen ELSE campaigns.first_seen END,"
    " last_seen = CASE WHEN excluded.last_seen > campaigns.last_seen"
    " THEN excluded.last_seen ELSE campaigns.last_seen END",
)
SET_SHARE = InsertRows(
    "campaign_sites",
    "campaign_id site_id first_id shape first_seen last_seen members hosts",
    ending="ON CONFLICT (campaign_id, site_id) DO UPDATE SET members = excluded.members,"
    " first_seen = excluded.first_seen, last_seen = excluded.last_seen, hosts = excluded.hosts,"
    " shape = excluded.shape",
)
LEAVE = Statement(
    "DELETE FROM campaign_members WHERE submission_id = :id RETURNING campaign_id, site_id, hosts"
)
LESSEN = Statement("UPDATE campaigns SET members = members - 1 WHERE id = :campaign_id")
END_SHARE = Statement(
    "DELETE FROM campaign_sites WHERE campaign_id = :campaign_id AND site_id = :site_id"
)
END = Statement("DELETE FROM campaigns WHERE id = :campaign_id AND members <= 0")

ShareKey = tuple[str, str]  # campaign id, site id


class CampaignRows:
    """Implements usecases.judge.campaigns.CampaignStore, but for stored_submissions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]:
        """The campaigns of those of these submissions that joined one, by submission id."""
        with self._database.read() as connection:
            rows = FOUND.run(connection, sorted(set(ids)))
            shares = _shares(SHARES.run(connection, sorted({row[1] for row in rows})))
        by_campaign: dict[str, dict[str, SiteShare]] = {}
        for (id_, site_id), share in shares.items():
            by_campaign.setdefault(id_, {})[site_id] = share
        return {
            row[0]: Campaign(
                row[1], row[2], from_ms(row[3]), from_ms(row[4]), by_campaign.get(row[1], {})
            )
            for row in rows
        }

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        """The earliest submission with the same text on any site, by submission id."""
        with self._database.read() as connection:
            return dict(FIRST_ANYWHERE.run(connection, sorted(ids)))  # type: ignore[arg-type]  # pairs


def read_campaign(connection: Connection, campaign_id: str) -> Campaign | None:
    row = ONE.run(connection, {"id": campaign_id}).one_or_none()
    if row is None:
        return None
    shares = _shares(SHARES.run(connection, [campaign_id]))
    by_site = {site_id: share for (_, site_id), share in shares.items()}
    return Campaign(
        campaign_id, int(str(row[0])), from_ms(int(str(row[1]))), from_ms(int(str(row[2]))), by_site
    )


class CampaignJoins:
    """Who joins by a batch of judgements: written with the decisions."""

    def __init__(
        self, joining: Mapping[str, Sequence[CampaignMember]], tickets: Sequence[Ticket]
    ) -> None:
        self._joining = joining
        self._tickets = tickets
        self._every = [member for several in joining.values() for member in several]

    @property
    def concerned(self) -> set[str]:
        """Whose rows must be held: all that is decided on here, and those of other batches that
        were alone until now, so that they are not erased meanwhile.
        """
        joining = {member.joining.submission_id for member in self._every}
        return joining | {ticket.subject_id for ticket in self._tickets}

    def write(self, connection: Connection, held: Container[int], stored: Container[str]) -> None:
        """Write what joins by those tickets whose rows we held, and was not erased."""
        ours = sorted(ticket.subject_id for ticket in self._tickets if ticket.row in held)
        joining = [member for id_ in ours for member in self._joining.get(id_, ())]
        write_joins(connection, [m for m in joining if m.joining.submission_id in stored])


def write_joins(connection: Connection, joining: Sequence[CampaignMember]) -> None:
    """Note and count who joins, in as many statements for one as for many.

    The caller holds the submissions' rows.
    """
    if not joining:
        return
    rows = sorted((_member_row(member) for member in joining), key=_by_submission)
    new = {row[0] for row in JOIN.returning(connection, rows)}
    campaign_ids = {m.joining.submission_id: m.joining.campaign_id for m in joining}
    if len(new) < len(rows):
        campaign_ids = _follow(connection, joining, new)
    counted = [(campaign_ids[m.joining.submission_id], m) for m in joining
               if m.joining.submission_id in new]  # fmt: skip
    if not counted:
        return
    PLACE.run(connection, [{"id": m.joining.submission_id, "campaign_id": id_}
                           for id_, m in counted])  # fmt: skip
    COUNT.run(connection, _campaign_rows(counted))
    keys = sorted({(id_, member.site_id) for id_, member in counted})
    shares = _shares(OWN_SHARES.run(connection, keys))
    for id_, member in counted:
        share = shares.get((id_, member.site_id)) or site_share_of(member)
        shares[id_, member.site_id] = share.after(member)
    SET_SHARE.run(connection, [_share_row(key, shares[key]) for key in keys])


def _follow(
    connection: Connection, joining: Sequence[CampaignMember], new: set[str]
) -> dict[str, str]:
    """The campaigns that all are in now: another worker was faster with some.

    Who joined by one of those goes where that one is.
    """
    asked = {m.joining.submission_id for m in joining} | {m.joining.relative_id for m in joining}
    actual: dict[str, str] = dict(JOINED.run(connection, sorted(asked)))  # type: ignore[arg-type]  # pairs
    for member in joining:
        joined = member.joining
        there = actual.get(joined.relative_id)
        if joined.submission_id in new and there not in (None, actual[joined.submission_id]):
            actual[joined.submission_id] = str(there)
            row: Parameters = {"submission_id": joined.submission_id, "campaign_id": there}
            FOLLOW.run(connection, row)
    return actual


def leave(connection: Connection, submission_id: str) -> None:
    """Take an erased submission out, with all that was derived from its text."""
    row = LEAVE.run(connection, {"id": submission_id}).one_or_none()
    if row is None:
        return
    key: ShareKey = (str(row[0]), str(row[1]))
    named: Parameters = {"campaign_id": key[0], "site_id": key[1]}
    LESSEN.run(connection, named)
    share = _shares(OWN_SHARES.run(connection, [key])).get(key)
    if share is not None:
        left = share.without(submission_id, load_names(str(row[2])))
        if left.members > 0:
            SET_SHARE.run(connection, [_share_row(key, left)])
        else:
            END_SHARE.run(connection, named)
    END.run(connection, named)


def _shares(rows: Sequence[Sequence[object]]) -> dict[ShareKey, SiteShare]:
    return {
        (str(row[0]), str(row[1])): SiteShare(
            first_id=str(row[2]),
            shape=str(row[3]),
            first_seen=from_ms(int(str(row[4]))),
            last_seen=from_ms(int(str(row[5]))),
            members=int(str(row[6])),
            hosts=load_counts(str(row[7])),
        )
        for row in rows
    }


def _member_row(member: CampaignMember) -> Parameters:
    joined = member.joining
    return {
        "submission_id": joined.submission_id,
        "campaign_id": joined.campaign_id,
        "site_id": member.site_id,
        "joined_at": to_ms(member.joined_at),
        "how": joined.how.value,
        "relative_id": joined.relative_id,
        "similarity": joined.similarity,
        "hosts": dump(member.hosts),
    }


def _by_submission(row: Parameters) -> str:
    return str(row["submission_id"])


def _campaign_rows(counted: Sequence[tuple[str, CampaignMember]]) -> list[Parameters]:
    """What to add to each campaign, in the order of their ids."""
    added: dict[str, Campaign] = {}
    for id_, member in counted:
        added[id_] = (added.get(id_) or campaign_of(member)).after(member)
    return [
        {
            "id": id_,
            "members": campaign.members,
            "first_seen": to_ms(campaign.first_seen),
            "last_seen": to_ms(campaign.last_seen),
        }
        for id_, campaign in sorted(added.items())
    ]


def _share_row(key: ShareKey, share: SiteShare) -> Parameters:
    return {
        "campaign_id": key[0],
        "site_id": key[1],
        "first_id": share.first_id,
        "shape": share.shape,
        "first_seen": to_ms(share.first_seen),
        "last_seen": to_ms(share.last_seen),
        "members": share.members,
        "hosts": dump(share.hosts),
    }
