"""Loads the Context of each submission of a batch: what its checks may look up.

A few statements for the whole batch: siblings, near copies, author histories, reputations of
hosts, campaigns, crowds, text scores, languages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from moderator.domain.check import AuthorHistory, Context, Sibling, TextJudge, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.copies.places import CopyPlace, copy_place
from moderator.domain.history.campaign import Campaign, Relative
from moderator.domain.history.crowd import (
    NO_CROWD,
    Crowd,
    CrowdQuery,
    Neighbours,
    at_address,
    of_name,
)
from moderator.domain.history.reputation import Reputation, answerable_hosts, brought
from moderator.domain.ports import NearIndex, SiteLookup
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.judgement.near.sketch import sketched
from moderator.usecases.judge.campaigns import (
    NO_CAMPAIGN,
    CampaignLoader,
    CampaignMatch,
    CampaignStore,
)
from moderator.usecases.judge.relatives import closest, family, relative
from moderator.usecases.judge.rewordings import Asked as Phrased
from moderator.usecases.judge.rewordings import PhraseStore, Rewordings, asked, merged
from moderator.usecases.judge.site_languages import ApprovedTexts, SiteLanguages

Key = tuple[str, str]  # site id; text key, author key or host
Siblings = dict[str, tuple[Sibling, ...]]  # by submission id
SUSPICIOUS = 0.5  # of what holds: from here on a text may be one of many in other words
UNKNOWN, UNDECIDED = AuthorHistory(), Reputation()
NO_HOSTS: Mapping[str, Reputation] = MappingProxyType({})
NOTHING_SEEN: Mapping[str, Facts] = MappingProxyType({})
_Known = tuple[StoredSubmission, Site, Facts]
_Reputations = dict[str, dict[str, Reputation]]  # by submission id and name
_Names = Mapping[str, tuple[str, ...]]  # by submission id


class ContextStore(CampaignStore, PhraseStore, ApprovedTexts, Protocol):
    def same_text(self, keys: Iterable[Key]) -> dict[Key, tuple[Sibling, ...]]: ...

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]: ...

    def at_place(self, asked: Iterable[CopyPlace]) -> dict[str, tuple[Sibling, ...]]:
        """Siblings at the same place, closest in time, by the `id` of the CopyPlace."""
        ...

    def neighbours(self, asked: Iterable[CrowdQuery]) -> Neighbours:
        """Other comments with the key of each query, closest in time."""
        ...

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        """The earliest submission with the same text on any site, by submission id."""
        ...

    def histories(self, keys: Iterable[Key], now: datetime) -> dict[Key, AuthorHistory]: ...

    def reputations(self, keys: Iterable[Key], now: datetime) -> dict[Key, Reputation]: ...

    def mask(self, key: str) -> str:
        """What is stored in the place of a person's key."""
        ...


@dataclass(frozen=True, slots=True)
class ContextLoader:
    """Loads contexts. `is_across`: near texts of other sites count for campaigns, never as
    siblings.
    """

    store: ContextStore
    sites: SiteLookup
    near: NearIndex | None = None
    text_judge: TextJudge | None = None
    is_across: bool = True

    def __call__(
        self,
        stored_submissions: Mapping[str, StoredSubmission],
        now: datetime,
        seen: Mapping[str, Facts] = NOTHING_SEEN,
    ) -> dict[str, Context]:
        """Contexts by submission id, none where the site is gone; `seen` are facts at hand."""
        known = self._known(stored_submissions, seen)
        everyone, facts = [one for one, *_ in known.values()], [one for *_, one in known.values()]
        histories = self.store.histories((_author_key(stored) for stored in everyone), now)
        named = {id_: answerable_hosts(facts, site) for id_, (_, site, facts) in known.items()}
        hosts, records = self._reputations(known, named, now)
        near = self._near(facts)
        siblings = self._siblings(everyone, near or {})
        beside = self.store.at_place([copy_place(each) for each in everyone if each.place_key])
        crowds = self._crowds(_strangers(known.values(), histories, now))
        scores = self._scores(known)
        phrased, alike = self._alike(known, scores, siblings, near or {})
        matched = CampaignLoader(self.store, self.sites.get)(_by_id(everyone), alike, named, now)
        languages = self._languages(known, scores)
        return {
            id_: Context(
                site=site,
                now=now,
                siblings=siblings[id_],
                at_place=beside.get(id_, ()),
                is_near_known=near is not None,
                author_history=histories.get(_author_key(stored), UNKNOWN),
                text_score=scores[id_],
                hosts=hosts.get(id_, NO_HOSTS),
                campaign=self._seen(matched.get(id_, NO_CAMPAIGN), site.id),
                joining=matched.get(id_, NO_CAMPAIGN).joining,
                phrases=phrased[id_].keys if id_ in phrased else (),
                facts=facts,
                languages=languages[id_],
                records=records.get(id_, NO_HOSTS),
                crowd=crowds.get(id_, NO_CROWD),
            )
            for id_, (stored, site, facts) in known.items()
        }

    def _known(
        self, stored_submissions: Mapping[str, StoredSubmission], seen: Mapping[str, Facts]
    ) -> dict[str, _Known]:
        known: dict[str, _Known] = {}
        for id_, stored in stored_submissions.items():
            site = self.sites.get(stored.submission.site_id)
            if site is not None:
                about = seen.get(id_) or self._facts(stored, site)
                known[id_] = (stored, site, about)
        return known

    def _facts(self, stored: StoredSubmission, site: Site) -> Facts:
        return Facts(stored.submission, site.hosts, self.store.mask)

    def _siblings(self, stored_submissions: list[StoredSubmission], near: Siblings) -> Siblings:
        """Who repeats whom within the site."""
        same = self.store.same_text(_text_key(stored) for stored in stored_submissions)
        found = {}
        for stored in stored_submissions:
            id_, site_id = stored.submission.id, stored.submission.site_id
            own = tuple(sibling for sibling in near.get(id_, ()) if sibling.site_id == site_id)
            found[id_] = family(id_, same.get(_text_key(stored), ()), own)
        return found

    def _scores(self, known: Mapping[str, _Known]) -> dict[str, TextScore | None]:
        judge, facts = self.text_judge, [one for *_, one in known.values()]
        return dict(zip(known, judge.score(facts) if judge else [None] * len(facts), strict=True))

    def _languages(
        self, known: Mapping[str, _Known], scores: Mapping[str, TextScore | None]
    ) -> dict[str, frozenset[str]]:
        around = {id_: (site, facts, scores[id_]) for id_, (_, site, facts) in known.items()}
        return SiteLanguages(self.store)(around)

    def _phrased(
        self,
        known: Mapping[str, _Known],
        scores: Mapping[str, TextScore | None],
        siblings: Siblings,
    ) -> dict[str, Phrased]:
        """What may be told in other words: what looks suspicious, and is no mere copy."""
        found = {}
        for id_, (_, site, facts) in known.items():
            score = scores[id_]
            is_copy = any(one.similarity >= 1 and one.id < id_ for one in siblings[id_])
            is_plain = score is not None and score.probability < site.policy.hold_at * SUSPICIOUS
            if not is_copy and not is_plain:
                found[id_] = asked(facts, site, is_across=self.is_across)
        return {id_: one for id_, one in found.items() if one is not None}

    def _alike(
        self,
        known: Mapping[str, _Known],
        scores: Mapping[str, TextScore | None],
        siblings: Siblings,
        near: Siblings,
    ) -> tuple[dict[str, Phrased], dict[str, list[Relative]]]:
        """Whom each repeats: its siblings, alike texts of other sites if they count, and what says
        it in other words; with what those were found by.
        """
        batch = {id_: stored for id_, (stored, *_) in known.items()}
        phrased = self._phrased(known, scores, siblings)
        firsts = self.store.first_anywhere(batch) if self.is_across else {}
        relatives = {}
        for id_ in batch:
            alike = {one.id: relative(one) for one in near.get(id_, ())} if self.is_across else {}
            alike |= {one.id: relative(one) for one in siblings[id_]}
            if firsts.get(id_, id_) != id_:
                alike[firsts[id_]] = Relative(firsts[id_], is_waiting=True)
            relatives[id_] = [one for one in alike.values() if one is not None]
        return phrased, merged(relatives, Rewordings(self.store)(list(phrased.values())))

    def _seen(self, matched: CampaignMatch, site_id: str) -> Campaign | None:
        """A campaign as a site may know it."""
        if matched.campaign is None or self.is_across:
            return matched.campaign
        return matched.campaign.within(site_id)

    def _crowds(self, everyone: list[Facts]) -> dict[str, Crowd]:
        """Who else wrote from each one's address, and under its name."""
        at, named = ({a.id: a for f in everyone if (a := of(f))} for of in (at_address, of_name))
        if not at and not named:
            return {}
        found = self.store.neighbours((*at.values(), *named.values()))
        return {
            id_: Crowd(
                *(found.get(asked[id_], ()) if id_ in asked else () for asked in (at, named))
            )
            for id_ in at.keys() | named.keys()
        }

    def _reputations(
        self, known: Mapping[str, _Known], named: _Names, now: datetime
    ) -> tuple[_Reputations, _Reputations]:
        """What people decided about the hosts of each submission, and about what it brings."""
        kinds = {id_: brought(facts) for id_, (*_, facts) in known.items()}
        staked = [(known[id_][1].id, names) for id_, names in (*named.items(), *kinds.items())]
        asked = {(site_id, name) for site_id, names in staked for name in names}
        past = self.store.reputations(asked, now) if asked else {}
        return _of_each(known, named, past), _of_each(known, kinds, past)

    def _near(self, everyone: list[Facts]) -> Siblings | None:
        """Near copies on any site, by submission id; None when there is no index, or no answer."""
        if self.near is None:
            return None
        asked = sketched(everyone)
        met = self.near.find_and_add(asked)
        if met is None:
            return None
        siblings = self.store.by_id(other for matches in met for other, _ in matches)
        return {
            newcomer.submission_id: tuple(closest(newcomer.submission_id, matches, siblings))
            for newcomer, matches in zip(asked, met, strict=True)
            if matches
        }


def _by_id(stored_submissions: Iterable[StoredSubmission]) -> dict[str, StoredSubmission]:
    return {stored.submission.id: stored for stored in stored_submissions}


def _of_each(
    known: Mapping[str, _Known], named: _Names, past: Mapping[Key, Reputation]
) -> _Reputations:
    """What each submission names, with what people decided about it."""
    return {
        id_: {name: past.get((known[id_][1].id, name), UNDECIDED) for name in names}
        for id_, names in named.items()
        if names
    }


def _text_key(stored: StoredSubmission) -> Key:
    return (stored.submission.site_id, stored.text_key)


def _strangers(
    known: Iterable[_Known], histories: Mapping[Key, AuthorHistory], now: datetime
) -> list[Facts]:
    """Those whose crowd may mean something: by authors that are not known here."""
    return [
        facts
        for stored, _, facts in known
        if not histories.get(_author_key(stored), UNKNOWN).is_known(now)
    ]


def _author_key(stored: StoredSubmission) -> Key:
    return (stored.submission.site_id, stored.author_key)
