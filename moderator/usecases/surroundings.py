"""What the checks of a batch look up, loaded in a few statements for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from moderator.domain.campaign import Campaign, Relative
from moderator.domain.check import AuthorHistory, Context, Sibling, TextJudge, TextScore
from moderator.domain.fingerprint import MIN_NEAR, comparable
from moderator.domain.ports import NearIndex, Newcomer, SiteBook
from moderator.domain.precedence import precedence
from moderator.domain.reputation import Reputation, answerable_hosts
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.work import Standing
from moderator.judgement.sketch import sketch
from moderator.usecases.gathering import NOWHERE, CampaignStore, Gathered, Gathering

Key = tuple[str, str]  # site id; text key, author key or host
Siblings = dict[str, tuple[Sibling, ...]]  # by submission id


class PastStore(CampaignStore, Protocol):
    def same_text(self, keys: Iterable[Key]) -> dict[Key, tuple[Sibling, ...]]: ...

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]: ...

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        """The earliest submission with the same text on any site, by submission id."""
        ...

    def histories(self, keys: Iterable[Key], now: datetime) -> dict[Key, AuthorHistory]: ...

    def reputations(self, keys: Iterable[Key], now: datetime) -> dict[Key, Reputation]: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`is_across` lets alike texts of other sites count for campaigns; they are no siblings."""

    store: PastStore
    sites: SiteBook
    near: NearIndex | None = None
    text_judge: TextJudge | None = None
    is_across: bool = True

    def __call__(self, standings: dict[str, Standing], now: datetime) -> dict[str, Context]:
        """Contexts by submission id; a submission whose site is gone has none."""
        known = {}
        for id_, standing in standings.items():
            site = self.sites.get(standing.submission.site_id)
            if site is not None:
                known[id_] = (standing, site)
        everyone = [standing for standing, _ in known.values()]
        histories = self.store.histories((_author_key(standing) for standing in everyone), now)
        hosts = self._hosts(list(known.values()), now)
        near = self._near(everyone)
        siblings = self._siblings(everyone, near or {})
        gathered = self._gathered(everyone, siblings, near or {}, now)
        scores = self._scores(everyone)
        return {
            id_: Context(
                site=site,
                now=now,
                siblings=siblings[id_],
                is_near_known=near is not None,
                author_history=histories.get(_author_key(standing), AuthorHistory()),
                text_score=scores.get(id_),
                hosts=hosts[id_],
                campaign=self._seen(gathered.get(id_, NOWHERE), site.id),
                joining=gathered.get(id_, NOWHERE).joining,
            )
            for id_, (standing, site) in known.items()
        }

    def _siblings(self, standings: list[Standing], near: Siblings) -> Siblings:
        """Who repeats whom within the site."""
        same = self.store.same_text(_text_key(standing) for standing in standings)
        found = {}
        for standing in standings:
            id_, site_id = standing.submission.id, standing.submission.site_id
            own = tuple(sibling for sibling in near.get(id_, ()) if sibling.site_id == site_id)
            found[id_] = _family(id_, same.get(_text_key(standing), ()), own)
        return found

    def _gathered(
        self, standings: list[Standing], siblings: Siblings, near: Siblings, now: datetime
    ) -> dict[str, Gathered]:
        """What each joins: by its siblings, and by alike texts of other sites if they count."""
        batch = {standing.submission.id: standing for standing in standings}
        firsts = self.store.first_anywhere(batch) if self.is_across else {}
        relatives = {}
        for id_ in batch:
            alike = {one.id: _relative(one) for one in near.get(id_, ())} if self.is_across else {}
            alike |= {one.id: _relative(one) for one in siblings[id_]}
            if firsts.get(id_, id_) != id_:
                alike[firsts[id_]] = Relative(firsts[id_], is_waiting=True)
            relatives[id_] = [one for one in alike.values() if one is not None]
        return Gathering(self.store, self.sites.get)(batch, relatives, now)

    def _seen(self, gathered: Gathered, site_id: str) -> Campaign | None:
        """A campaign as a site may know it."""
        if gathered.campaign is None or self.is_across:
            return gathered.campaign
        return gathered.campaign.within(site_id)

    def _hosts(
        self, known: list[tuple[Standing, Site]], now: datetime
    ) -> dict[str, dict[str, Reputation]]:
        """The hosts that each submission answers for, with what people decided about them."""
        named = {s.submission.id: answerable_hosts(s.submission, site) for s, site in known}
        keys = [(site.id, host) for s, site in known for host in named[s.submission.id]]
        past = self.store.reputations(keys, now) if keys else {}
        return {
            s.submission.id: {
                host: past.get((site.id, host), Reputation()) for host in named[s.submission.id]
            }
            for s, site in known
        }

    def _near(self, standings: list[Standing]) -> Siblings | None:
        """Near copies on any site, by submission id; None when there is no index, or no answer."""
        if self.near is None:
            return None
        asked = newcomers([standing.submission for standing in standings])
        met = self.near.meet(asked)
        if met is None:
            return None
        siblings = self.store.by_id(other for matches in met for other, _ in matches)
        return {
            newcomer.submission_id: tuple(
                replace(siblings[other], similarity=similarity)
                for other, similarity in matches
                if other in siblings
            )
            for newcomer, matches in zip(asked, met, strict=True)
        }

    def _scores(self, standings: list[Standing]) -> dict[str, TextScore]:
        if self.text_judge is None:
            return {}
        submissions = [standing.submission for standing in standings]
        scores = self.text_judge.score(submissions)
        return {s.id: score for s, score in zip(submissions, scores, strict=True)}


def newcomers(submissions: Sequence[Submission]) -> list[Newcomer]:
    """Those whose text is long enough to be compared, with their sketches."""
    texts = [comparable(submission.text) for submission in submissions]
    pairs = [(s, text) for s, text in zip(submissions, texts, strict=True) if len(text) >= MIN_NEAR]
    sketches = sketch([text for _, text in pairs])
    return [
        Newcomer(submission.id, submission.site_id, row.tobytes())
        for (submission, _), row in zip(pairs, sketches, strict=True)
    ]


def _text_key(standing: Standing) -> Key:
    return (standing.submission.site_id, standing.text_key)


def _author_key(standing: Standing) -> Key:
    return (standing.submission.site_id, standing.author_key)


def _relative(sibling: Sibling) -> Relative | None:
    """None for one that was erased: it has no text any more."""
    if sibling.status == "erased":
        return None
    return Relative(sibling.id, sibling.similarity, is_waiting=sibling.status == "queued")


def _family(id_: str, same: tuple[Sibling, ...], near: tuple[Sibling, ...]) -> tuple[Sibling, ...]:
    """Everybody with the same or a near text but oneself, earliest first."""
    found = {sibling.id: sibling for sibling in near}
    found.update({sibling.id: sibling for sibling in same})
    found.pop(id_, None)
    return tuple(
        sorted(found.values(), key=lambda s: (precedence(s.created_at, s.platform_id), s.id))
    )
