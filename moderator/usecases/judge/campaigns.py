"""Finds the campaigns that the submissions of a batch are in or join, in a few statements.

Nothing is written here: members are written with the decision.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.history.campaign import (
    Campaign,
    CampaignMatcher,
    CampaignMember,
    Membership,
    Relative,
    campaign_of,
    nearest,
    shape,
)
from moderator.domain.history.reputation import answerable_hosts
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.domain.submission import Submission


class CampaignStore(Protocol):
    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]:
        """The campaigns of those of these submissions that joined one, by submission id."""
        ...

    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]: ...


@dataclass(frozen=True, slots=True)
class CampaignMatch:
    """The campaign of a submission, with the members before it, and the members that join now."""

    campaign: Campaign | None = None
    joining: tuple[CampaignMember, ...] = ()


NO_CAMPAIGN = CampaignMatch()


@dataclass(frozen=True, slots=True)
class CampaignLoader:
    store: CampaignStore
    site_of: Callable[[str], Site | None]

    def __call__(
        self,
        batch: Mapping[str, StoredSubmission],
        relatives: Mapping[str, Iterable[Relative]],
        named: Mapping[str, tuple[str, ...]],
        now: datetime,
    ) -> dict[str, CampaignMatch]:
        """What each submission of a batch joins, in the order of arrival.

        `named` are the hosts that those of the batch answer for.
        """
        close = {id_: nearest(id_, found) for id_, found in relatives.items()}
        asked = {relative.id for found in close.values() for relative in found}
        # Who was judged before may be a member although nobody remembers its relatives.
        asked |= {id_ for id_, stored in batch.items() if close.get(id_) or stored.sequence}
        if not asked:
            return {}
        campaigns = self.store.campaigns(asked)
        matcher = CampaignMatcher({id_: campaign.id for id_, campaign in campaigns.items()})
        joined = {id_: matcher.join(id_, close.get(id_, ())) for id_ in sorted(batch)}
        known = {campaign.id: campaign for campaign in campaigns.values()}
        members = JoiningMembers(self, batch, named, known, now)
        members.load(each.submission_id for several in joined.values() for each in several)
        return {
            id_: CampaignMatch(
                joining=members.of(several), campaign=known.get(matcher.campaign_of(id_))
            )
            for id_, several in joined.items()
        }


class JoiningMembers:
    """Makes member rows one after the other, and counts them in `campaigns`."""

    def __init__(
        self,
        loader: CampaignLoader,
        batch: Mapping[str, StoredSubmission],
        named: Mapping[str, tuple[str, ...]],
        campaigns: dict[str, Campaign],
        now: datetime,
    ) -> None:
        self._named = named
        self._loader = loader
        self._stored = dict(batch)
        self._campaigns = campaigns
        self._now = now

    def load(self, ids: Iterable[str]) -> None:
        """Load first members that are not of this batch: they had no campaign until now."""
        missing = {id_ for id_ in ids if id_ not in self._stored}
        if missing:
            self._stored.update(self._loader.store.stored_submissions(missing))

    def of(self, joining: Sequence[Membership]) -> tuple[CampaignMember, ...]:
        return tuple(member for each in joining if (member := self._count(each)) is not None)

    def _count(self, joining: Membership) -> CampaignMember | None:
        """None for one that was erased meanwhile."""
        stored = self._stored.get(joining.submission_id)
        if stored is None:
            return None
        submission = stored.submission
        campaign = self._campaigns.get(joining.campaign_id)
        is_first = campaign is None or submission.site_id not in campaign.shares
        member = CampaignMember(
            joining,
            submission.site_id,
            submission.received_at,
            self._now,
            hosts=self._hosts(submission),
            shape=shape(submission.text) if is_first else "",
        )
        self._campaigns[joining.campaign_id] = (campaign or campaign_of(member)).after(member)
        return member

    def _hosts(self, submission: Submission) -> tuple[str, ...]:
        if submission.id in self._named:
            return self._named[submission.id]
        site = self._loader.site_of(submission.site_id)
        return answerable_hosts(Facts(submission, site.hosts), site) if site else ()
