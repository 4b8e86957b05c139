"""What a stream remembers of its one site, in memory: what the service asks its database."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import itemgetter

from moderator.domain.check import AuthorHistory, Sibling
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import page_key
from moderator.domain.copies.places import COPY_WINDOW, MAX_AT_PLACE, CopyPlace, with_words
from moderator.domain.history.campaign import Campaign, CampaignMember, campaign_of
from moderator.domain.history.crowd import CrowdQuery, Neighbours
from moderator.domain.history.reputation import EPOCH, Reputation, month_of, staked
from moderator.domain.queue import StoredSubmission
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.text.rewording import HOLDERS
from moderator.domain.verdict import Verdict
from moderator.usecases.judge.context import Key
from moderator.usecases.offline.crowds import Crowds

SIBLINGS = 20  # with one text that are looked at: the earliest

UNDECIDED = ("queued", False)
APPROVED = Verdict.APPROVE.status

Spans = dict[tuple[str, bool, int], "_Span"]  # by status, whether by a person, month


@dataclass(slots=True)
class _Span:
    """Things of one kind in one month; `late` adds up how long after EPOCH each of them was."""

    count: int = 0
    late: timedelta = timedelta(0)

    def add(self, made: datetime, count: int = 1) -> None:
        self.count += count
        self.late += count * (made - EPOCH)

    @property
    def mean(self) -> datetime:
        """When they were, on average."""
        return EPOCH + self.late / self.count


@dataclass(slots=True)
class SiteMemory:
    """Implements usecases.judge.context.ContextStore and domain.ports.SiteLookup."""

    site: Site
    _stored: dict[str, StoredSubmission] = field(default_factory=dict)
    _decided: dict[str, tuple[str, bool]] = field(default_factory=dict)  # status, by a person?
    _texts: dict[Key, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _places: dict[Key, list[tuple[datetime, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _copied: dict[str, str] = field(default_factory=dict)  # the originals of copies
    _copies: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _firsts: dict[str, str] = field(default_factory=dict)  # the first of each text
    _authors: dict[Key, Spans] = field(default_factory=lambda: defaultdict(dict))
    _seen: dict[Key, datetime] = field(default_factory=dict)  # when authors came first
    _published: dict[Key, list[tuple[datetime, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _rulings: dict[Key, dict[str, tuple[bool, datetime]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _approved: list[str] = field(default_factory=list)  # ids, which are in the order of arrival
    _crowds: Crowds = field(default_factory=Crowds)
    _joined: dict[str, str] = field(default_factory=dict)
    _campaigns: dict[str, Campaign] = field(default_factory=dict)
    _holders: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def get(self, site_id: str) -> Site | None:
        return self.site if site_id == self.site.id else None

    def add(self, stored: StoredSubmission) -> None:
        """Take in a submission that was not judged yet."""
        it = stored.submission
        self._stored[it.id] = stored
        self._decided[it.id] = UNDECIDED
        if stored.text_key:
            members = self._texts[it.site_id, stored.text_key]
            insort(members, (it.created_at, it.id))
            del members[SIBLINGS:]
            self._firsts.setdefault(stored.text_key, it.id)
        self._crowds.add(it, stored.address_key)
        if stored.place_key:
            insort(self._places[it.site_id, stored.place_key], (it.created_at, it.id))
        author = (it.site_id, stored.author_key)
        self._seen[author] = min(it.created_at, self._seen.get(author, it.created_at))
        self._count(stored, 1)

    def decided(
        self, id_: str, verdict: Verdict, *, by_person: bool = False, duplicate_of: str = ""
    ) -> None:
        """Record what became of a submission; a person's word replaces the machine's."""
        stored = self._stored[id_]
        self._copies[self._copied.get(id_, "")].discard(id_)
        self._copied[id_] = duplicate_of
        self._copies[duplicate_of].add(id_)
        self._count(stored, -1)
        if self._decided[id_][0] == APPROVED:
            del self._approved[bisect_left(self._approved, id_)]
        self._decided[id_] = (verdict.status, by_person)
        if verdict.status == APPROVED:
            insort(self._approved, id_)
        self._count(stored, 1)

    def stands(self, id_: str) -> tuple[str, str]:
        """The status of a submission, and the original if it was taken for a copy."""
        return self._decided[id_][0], self._copied.get(id_, "")

    def by_rule(self, ids: Iterable[str]) -> list[StoredSubmission]:
        """Those of these that were judged, and that no person decided about, in one order."""
        known = (id_ for id_ in sorted(set(ids)) if id_ in self._stored)
        return [self._stored[id_] for id_ in known if not self._decided[id_][1]]

    def copies_of(self, id_: str) -> set[str]:
        return set(self._copies.get(id_, ()))

    def before_at_place(self, id_: str) -> list[str]:
        """What the same hand sent to the same place within a day before: the closest in time."""
        stored = self._stored[id_]
        at, site_id = stored.submission.created_at, stored.submission.site_id
        there = self._places.get((site_id, stored.place_key), []) if stored.place_key else []
        until = bisect_right(there, at, key=itemgetter(0))
        near = [
            other
            for when, other in there[max(0, until - MAX_AT_PLACE - 1) : until]
            if at - when <= COPY_WINDOW
        ]
        return [other for other in near if other != id_][-MAX_AT_PLACE:]

    def _count(self, stored: StoredSubmission, count: int) -> None:
        """Count a submission among its author's."""
        if not stored.author_key:
            return
        it = stored.submission
        made = it.created_at
        author = (it.site_id, stored.author_key)
        spans = self._authors[author]
        kind = (*self._decided[it.id], month_of(made))
        span = spans.setdefault(kind, _Span())
        span.add(made, count)
        if not span.count:
            del spans[kind]
        if kind[0] == Verdict.APPROVE.status:
            published, place = self._published[author], (it.received_at, it.id)
            if count > 0:
                insort(published, place)
            else:
                del published[bisect_left(published, place)]

    def approved(self, site_id: str, limit: int) -> list[tuple[Submission, bool]]:
        latest = self._approved[: -limit - 1 : -1]
        return [(self._stored[id_].submission, self._decided[id_][1]) for id_ in latest]

    def same_text(self, keys: Iterable[Key]) -> dict[Key, tuple[Sibling, ...]]:
        """The submissions with these texts, earliest first, for texts that occur twice or more."""
        wanted = {key for key in keys if key[1]}
        return {
            key: tuple(self._sibling(id_) for _, id_ in self._texts[key])
            for key in wanted
            if len(self._texts.get(key, ())) > 1
        }

    def at_place(self, asked: Iterable[CopyPlace]) -> dict[str, tuple[Sibling, ...]]:
        """Those at each place within its time, closest in time, by the id of who asks."""
        return {spot.id: found for spot in asked if (found := tuple(self._beside(spot)))}

    def _beside(self, spot: CopyPlace) -> Iterator[Sibling]:
        there = self._places.get((spot.site_id, spot.place_key), [])
        here = bisect_left(there, (spot.at, spot.id))
        for at, id_ in there[max(0, here - MAX_AT_PLACE) : here + 1 + MAX_AT_PLACE]:
            if id_ != spot.id and (spot.within is None or abs(at - spot.at) <= spot.within):
                facts = Facts(self._stored[id_].submission, self.site.hosts)
                yield with_words(self._sibling(id_), facts)

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]:
        return {id_: self._near_sibling(id_) for id_ in set(ids) if id_ in self._stored}

    def _sibling(self, id_: str) -> Sibling:
        stored, (status, by_person) = self._stored[id_], self._decided[id_]
        it = stored.submission
        return Sibling(
            id=id_,
            platform_id=it.platform_id,
            created_at=it.created_at,
            status=status,
            author_key=stored.author_key,
            by_person=by_person,
            site_id=it.site_id,
            address_key=stored.address_key,
            duplicate_of=self._copied.get(id_, ""),
        )

    def _near_sibling(self, id_: str) -> Sibling:
        """With what the excerpt of a near linkback must be compared by."""
        sibling, submission = self._sibling(id_), self._stored[id_].submission
        if not submission.kind.is_linkback:
            return sibling
        return replace(sibling, text=submission.text, page=page_key(submission))

    def neighbours(self, asked: Iterable[CrowdQuery]) -> Neighbours:
        """Who else has what is asked about, closest in time."""
        return self._crowds.neighbours(asked, self._decided)

    def stored_submissions(self, ids: Iterable[str]) -> dict[str, StoredSubmission]:
        return {id_: self._stored[id_] for id_ in ids if id_ in self._stored}

    def mask(self, key: str) -> str:
        """Nothing is stored, so nothing is hidden."""
        return key

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        """The first with the same text, by submission id."""
        keys = {id_: self._stored[id_].text_key for id_ in ids}
        return {id_: self._firsts[key] for id_, key in keys.items() if key}

    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]:
        return {id_: self._campaigns[self._joined[id_]] for id_ in ids if id_ in self._joined}

    def join(self, members: Iterable[CampaignMember]) -> None:
        for member in members:
            id_ = member.joining.campaign_id
            before = self._campaigns.get(id_) or campaign_of(member)
            self._campaigns[id_] = before.after(member)
            self._joined[member.joining.submission_id] = id_

    def keep_phrases(self, id_: str, keys: Iterable[int]) -> None:
        for key in keys:
            holders = self._holders[key]
            if id_ not in holders:
                insort(holders, id_)
                del holders[:-HOLDERS]

    def holders(self, keys: Iterable[int]) -> dict[int, tuple[str, ...]]:
        return {key: tuple(self._holders[key]) for key in keys if key in self._holders}

    def ruled(self, submission: Submission, decided_at: datetime, *, is_spam: bool) -> None:
        """Record a moderator's word for what a submission stakes."""
        for host in staked(Facts(submission, self.site.hosts), self.site):
            self._rulings[self.site.id, host][submission.id] = (is_spam, decided_at)

    def reputations(self, keys: Iterable[Key], now: datetime) -> dict[Key, Reputation]:
        return {
            key: summed(self._rulings[key].values(), now) for key in keys if key in self._rulings
        }

    def histories(self, keys: Iterable[Key], now: datetime) -> dict[Key, AuthorHistory]:
        return {
            key: history_of(self._authors[key], self._first(key), now)
            for key in set(keys)
            if key in self._authors
        }

    def _first(self, author: Key) -> AuthorHistory:
        """When an author came first, and with what is published."""
        published = self._published.get(author)
        return AuthorHistory(
            first_seen=self._seen[author], published_at=published[0][0] if published else None
        )


def history_of(spans: Spans, history: AuthorHistory, now: datetime) -> AuthorHistory:
    """An author's past, added up month by month as the database does."""
    for (status, by_person, _), span in spans.items():
        history = history.after(
            status, by_person=by_person, count=span.count, made=span.mean, now=now
        )
    return history


def summed(rulings: Iterable[tuple[bool, datetime]], now: datetime) -> Reputation:
    """What people decided about a host, added up month by month as the database does."""
    spans: dict[tuple[bool, int], _Span] = {}
    for is_spam, decided_at in rulings:
        spans.setdefault((is_spam, month_of(decided_at)), _Span()).add(decided_at)
    reputation = Reputation()
    for (is_spam, _), span in sorted(spans.items(), key=lambda item: item[0][1]):
        reputation = reputation.after(
            is_spam=is_spam, decided_at=span.mean, now=now, count=span.count
        )
    return reputation
