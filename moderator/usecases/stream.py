"""Judge a stream without a service: the same surroundings, local checks and policy, in memory."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from moderator.domain.campaign import Campaign, Member, campaign_of
from moderator.domain.check import AuthorHistory, Context, LocalCheck, Sibling, TextJudge
from moderator.domain.fingerprint import author_key, page_key, text_key
from moderator.domain.policy import decide
from moderator.domain.ports import NearIndex
from moderator.domain.reputation import Reputation, answerable_hosts
from moderator.domain.site import Site
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decision, Verdict
from moderator.domain.work import Standing
from moderator.usecases.surroundings import Key, Surroundings

SIBLINGS = 32  # with one text that are looked at: the earliest


@dataclass(slots=True)
class Past:
    """Honours usecases.surroundings.PastStore and SiteBook."""

    site: Site
    _standings: dict[str, Standing] = field(default_factory=dict)
    _known: dict[str, Sibling] = field(default_factory=dict)
    _texts: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))
    _authors: dict[Key, AuthorHistory] = field(default_factory=dict)
    _rulings: dict[Key, dict[str, tuple[bool, datetime]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _joined: dict[str, str] = field(default_factory=dict)
    _campaigns: dict[str, Campaign] = field(default_factory=dict)

    def get(self, site_id: str) -> Site | None:
        return self.site if site_id == self.site.id else None

    def add(self, standing: Standing) -> None:
        submission = standing.submission
        self._standings[submission.id] = standing
        self._known[submission.id] = Sibling(
            id=submission.id,
            platform_id=submission.platform_id,
            created_at=submission.created_at,
            status="queued",
            author_key=standing.author_key,
            text=submission.text,
            page=page_key(submission),
            site_id=submission.site_id,
        )
        members = self._texts[submission.site_id, standing.text_key]
        if standing.text_key and len(members) < SIBLINGS:
            members.append(submission.id)

    def decided(self, id_: str, verdict: Verdict, *, by_person: bool = False) -> None:
        """Record what became of a submission; a person's word replaces the machine's."""
        before = self._known[id_]
        self._known[id_] = replace(before, status=verdict.status, by_person=by_person)
        if before.author_key:
            key = (self.site.id, before.author_key)
            history = self._authors.get(key, AuthorHistory(first_seen=before.created_at))
            history = _counted(history, before, -1)
            self._authors[key] = _counted(history, self._known[id_], 1)

    def same_text(self, keys: Iterable[Key]) -> dict[Key, tuple[Sibling, ...]]:
        return {
            key: tuple(self._known[id_] for id_ in self._texts[key]) for key in set(keys) if key[1]
        }

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]:
        return {id_: self._known[id_] for id_ in ids if id_ in self._known}

    def standings(self, ids: Iterable[str]) -> dict[str, Standing]:
        return {id_: self._standings[id_] for id_ in ids if id_ in self._standings}

    def first_anywhere(self, ids: Iterable[str]) -> dict[str, str]:
        return {}  # a stream has one site

    def campaigns(self, ids: Iterable[str]) -> dict[str, Campaign]:
        return {id_: self._campaigns[self._joined[id_]] for id_ in ids if id_ in self._joined}

    def join(self, members: Iterable[Member]) -> None:
        for member in members:
            id_ = member.joining.campaign_id
            before = self._campaigns.get(id_) or campaign_of(member)
            self._campaigns[id_] = before.after(member)
            self._joined[member.joining.submission_id] = id_

    def ruled(self, submission: Submission, *, is_spam: bool) -> None:
        """Record a moderator's word for the hosts of a submission."""
        for host in answerable_hosts(submission, self.site):
            ruling = (is_spam, submission.created_at)
            self._rulings[self.site.id, host][submission.id] = ruling

    def reputations(self, keys: Iterable[Key], now: datetime) -> dict[Key, Reputation]:
        return {key: _summed(self._rulings[key], now) for key in keys if key in self._rulings}

    def histories(self, keys: Iterable[Key], now: datetime) -> dict[Key, AuthorHistory]:
        return {key: self._authors[key] for key in keys if key in self._authors}


def _summed(rulings: dict[str, tuple[bool, datetime]], now: datetime) -> Reputation:
    reputation = Reputation()
    for is_spam, decided_at in rulings.values():
        reputation = reputation.after(is_spam=is_spam, decided_at=decided_at, now=now)
    return reputation


def _counted(history: AuthorHistory, sibling: Sibling, count: int) -> AuthorHistory:
    """`history` with `count` more submissions like this one; a stream is too short for decay."""
    approved = count if sibling.status == "approved" else 0
    spam = count if sibling.status == "spam" else 0
    return replace(
        history,
        approved=history.approved + approved,
        approved_by_person=history.approved_by_person + approved * sibling.by_person,
        spam=history.spam + spam,
        spam_by_person=history.spam_by_person + spam * sibling.by_person,
        approved_now=history.approved_now + approved * sibling.by_person,
        spam_now=history.spam_now + spam * sibling.by_person,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """`campaign` is our id of the first of a family of texts that is large enough to be one."""

    decision: Decision
    campaign: str = ""


class Stream:
    """One site's submissions, judged in the order they come."""

    def __init__(
        self, site: Site, local: tuple[LocalCheck, ...], near: NearIndex, text_judge: TextJudge
    ) -> None:
        self.past = Past(site)
        self._site = site
        self._local = local
        self._surroundings = Surroundings(self.past, self.past, near, text_judge)

    def judge(self, submissions: Sequence[Submission], now: datetime) -> list[Judged]:
        """Decide on a batch; each is judged knowing all before it and those of its batch."""
        standings = {submission.id: _standing(submission) for submission in submissions}
        for standing in standings.values():
            self.past.add(standing)
        contexts = self._surroundings(standings, now)
        judged = []
        for submission in submissions:
            context = contexts[submission.id]
            findings = [check.run(submission, context) for check in self._local]
            decision = decide(findings, self._site.policy)
            self.past.decided(submission.id, decision.verdict)
            self.past.join(context.joining)
            judged.append(Judged(decision, self._first(context)))
        return judged

    def _first(self, context: Context) -> str:
        """The first member of the campaign that a submission is in; '' where it is none yet."""
        campaign = context.campaign
        if campaign is None or not campaign.is_shown:
            return ""
        return campaign.shares[self._site.id].first_id

    def learn(self, submission: Submission, verdict: Verdict) -> None:
        """Record what a moderator said of a submission that was judged."""
        self.past.decided(submission.id, verdict, by_person=True)
        self.past.ruled(submission, is_spam=verdict is Verdict.SPAM)


def _standing(submission: Submission) -> Standing:
    return Standing(
        submission=submission,
        sequence=0,
        status="queued",
        text_key=text_key(submission),
        author_key=author_key(submission.author),
    )
