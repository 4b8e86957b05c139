"""What a campaign is, and how a submission joins one: alike comments, told by whom each resembles.

In this order:
1. who joined once stays, whatever is judged later;
2. of the relatives that came before, or that were judged before, the closest counts; of those that
   are equally close one that joined already, then the earliest. One that says it in other words is
   less close than any that says nearly the same;
3. one joins the campaign of that relative, else of the closest that is in one. If none is, the
   closest becomes the first member of a new one, whose id is derived from the first member's;
4. relatives that were alone until now join with it: so a campaign grows together.

So the order of arrival decides once, and neither a second run nor a late original moves anybody.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from heapq import nsmallest

from moderator.domain.content.fingerprint import digest
from moderator.domain.finding import Finding
from moderator.domain.links.find import without, written
from moderator.domain.text.fold import fold

MIN_SHOWN_MEMBERS = 3  # members from which a campaign is told and shown
MAX_SITE_HOSTS = 64  # that are counted of a site's share: the first
MAX_RELATIVES = 8  # relatives that are asked for their campaign
MAX_SHAPE_CHARACTERS = 160  # characters

# Each begins where a run of its characters begins, so that no run is looked through twice.
MAIL = re.compile(r"(?<!\S)\S[^\s@]*+@\S+\.\w+")
NUMBER = re.compile(r"[+(]?(?<![^\W\d])\w*\d[\w().,:/+-]*(?: [\d().+-]+)*")


class JoinKind(StrEnum):
    """How a submission joined."""

    FIRST = "first"
    SAME = "same"  # the same folded text as an earlier member
    NEAR = "near"  # nearly the same
    REWORDED = "reworded"  # the same in other words (domain/text/rewording.py)


@dataclass(frozen=True, slots=True)
class Relative:
    """A submission with the same or a near text; `is_waiting` until it was judged itself.

    `is_reworded` says that it shares phrases only: `similarity` is how many.
    """

    id: str
    similarity: float = 1.0
    is_waiting: bool = False
    is_reworded: bool = False

    @property
    def how(self) -> JoinKind:
        if self.is_reworded:
            return JoinKind.REWORDED
        return JoinKind.SAME if self.similarity >= 1 else JoinKind.NEAR

    @property
    def distance(self) -> tuple[bool, float]:
        return (self.is_reworded, -self.similarity)


@dataclass(frozen=True, slots=True)
class Membership:
    """Which campaign a submission joined, how, and by which relative."""

    submission_id: str
    campaign_id: str
    how: JoinKind
    relative_id: str = ""
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class CampaignMember:
    """What is counted when a submission joins. `shape` counts for its site's first member only."""

    joining: Membership
    site_id: str
    received_at: datetime
    joined_at: datetime
    hosts: tuple[str, ...] = ()
    shape: str = ""


@dataclass(frozen=True, slots=True)
class SiteShare:
    """One site's part of a campaign, with what its first member looked like."""

    first_id: str
    shape: str
    first_seen: datetime
    last_seen: datetime
    members: int = 0
    hosts: Mapping[str, int] = field(default_factory=dict)

    def after(self, member: CampaignMember) -> "SiteShare":
        hosts = dict(self.hosts)
        for host in member.hosts:
            if host in hosts or len(hosts) < MAX_SITE_HOSTS:
                hosts[host] = hosts.get(host, 0) + 1
        return replace(
            self,
            members=self.members + 1,
            first_seen=min(self.first_seen, member.received_at),
            last_seen=max(self.last_seen, member.received_at),
            hosts=hosts,
        )

    def without(self, member_id: str, hosts: Iterable[str]) -> "SiteShare":
        """What is left when a member was erased; how it looked goes with the first."""
        left = dict(self.hosts)
        for host in hosts:
            left[host] = left.get(host, 0) - 1
        return replace(
            self,
            members=self.members - 1,
            hosts={host: count for host, count in left.items() if count > 0},
            shape="" if member_id == self.first_id else self.shape,
        )


@dataclass(frozen=True, slots=True)
class Campaign:
    """Alike comments; `shares` by site id."""

    id: str
    members: int
    first_seen: datetime
    last_seen: datetime
    shares: Mapping[str, SiteShare] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        return self.members >= MIN_SHOWN_MEMBERS

    def after(self, member: CampaignMember) -> "Campaign":
        share = self.shares.get(member.site_id) or site_share_of(member)
        return replace(
            self,
            members=self.members + 1,
            first_seen=min(self.first_seen, member.received_at),
            last_seen=max(self.last_seen, member.received_at),
            shares={**self.shares, member.site_id: share.after(member)},
        )

    def within(self, site_id: str) -> "Campaign | None":
        """What is seen of it when other sites are left out."""
        share = self.shares.get(site_id)
        if share is None:
            return None
        return Campaign(self.id, share.members, share.first_seen, share.last_seen, {site_id: share})


def site_share_of(first: CampaignMember) -> SiteShare:
    """A site's share before its first member is counted."""
    id_ = first.joining.submission_id
    return SiteShare(id_, first.shape, first.received_at, first.received_at)


def campaign_of(first: CampaignMember) -> Campaign:
    """A campaign before its first member is counted."""
    return Campaign(first.joining.campaign_id, 0, first.received_at, first.received_at)


def campaign_id(first_id: str) -> str:
    """Say nothing of the first member: it may belong to another site."""
    return digest(f"campaign {first_id}")


def nearest(id_: str, relatives: Iterable[Relative]) -> list[Relative]:
    """Those that may decide which campaign a submission joins: the closest, of these the earliest.

    What comes later and waits counts only where nobody else does: it would take the place of one
    that came before, and whom a submission joins would hang on how the work was cut into batches.
    """
    found = list(relatives)
    before = [one for one in found if one.id < id_ or not one.is_waiting]
    return nsmallest(MAX_RELATIVES, before or found, key=lambda one: (*one.distance, one.id))


def campaign_in(findings: Iterable[Finding]) -> str:
    """The id of the campaign that findings name; '' for none."""
    for finding in findings:
        if "campaign_id" in finding.evidence:
            return str(finding.evidence["campaign_id"])
    return ""


class CampaignMatcher:
    """Decides who joins which campaign; knows the memberships so far and adds those it makes."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        """`known` are campaign ids by submission id."""
        self._campaigns = dict(known or {})

    def campaign_of(self, id_: str) -> str:
        """The id of the campaign that a submission is in; '' for none."""
        return self._campaigns.get(id_, "")

    def join(self, id_: str, relatives: Sequence[Relative]) -> tuple[Membership, ...]:
        """Who joins now: nobody, or the submission with those of its relatives that were alone."""
        if id_ in self._campaigns:
            return ()
        before = sorted((one for one in relatives if self._came_before(one, id_)), key=self._order)
        if not before:
            return ()
        joining: list[Membership] = []
        at_home = [one for one in before if one.id in self._campaigns]
        if not at_home:
            first = before[0].id
            self._campaigns[first] = campaign_id(first)
            joining.append(Membership(first, campaign_id(first), JoinKind.FIRST))
        closest = at_home[0] if at_home else before[0]
        home = self._campaigns[id_] = self._campaigns[closest.id]
        joining.append(Membership(id_, home, closest.how, closest.id, closest.similarity))
        for one in before:
            if one.id not in self._campaigns:
                self._campaigns[one.id] = home
                joining.append(Membership(one.id, home, one.how, id_, one.similarity))
        return tuple(joining)

    def _came_before(self, relative: Relative, id_: str) -> bool:
        """What comes later and waits for its own judgement joins then; ids sort by arrival."""
        if relative.id == id_:
            return False
        return relative.id < id_ or not relative.is_waiting or relative.id in self._campaigns

    def _order(self, relative: Relative) -> tuple[bool, float, bool, str]:
        return (*relative.distance, relative.id not in self._campaigns, relative.id)


def shape(text: str) -> str:
    """What a text looks like: folded; links, addresses and numbers masked; cut to
    MAX_SHAPE_CHARACTERS.
    """
    folded = fold(text[: 4 * MAX_SHAPE_CHARACTERS])[: 4 * MAX_SHAPE_CHARACTERS]
    masked = without(folded, written(folded), "[link]")
    masked = NUMBER.sub("[number]", MAIL.sub("[address]", masked))
    return (
        masked
        if len(masked) <= MAX_SHAPE_CHARACTERS
        else masked[: MAX_SHAPE_CHARACTERS - 1].rstrip() + "…"
    )
