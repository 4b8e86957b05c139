"""What a check is and what it may use: it opens nothing itself and foresees its failures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import Campaign, CampaignMember
from moderator.domain.history.crowd import NO_CROWD, Crowd
from moderator.domain.history.reputation import FORGOTTEN, Reputation, remaining
from moderator.domain.ports import DnsBlocklists, Fetcher, LinkCache, SourceFetchers, SpamService
from moderator.domain.site import Site
from moderator.domain.submission import Author, Submission
from moderator.domain.text.languages import UNTOLD, Language, is_own

UNCHALLENGED = timedelta(days=7)  # published without complaint, after which an author is known
STANDING = frozenset({"queued", "approved", "hold"})
HALF = 0.5
DOUBTED = 0.34  # the most that a text weighs that is rather honest than spam
ALONE = 0.75  # the most that any text weighs by itself


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another submission whose text is the same or nearly so, or that stands at the same place.

    `status` is the wire status (queued, approved, hold, spam, trash), `duplicate_of` our id of the
    original if it was taken for a copy; `similarity` is 1.0 for the same folded text, else the
    estimated Jaccard similarity of 4-grams. `text` and `page` (of a linkback: its target) are known
    of near ones only; `words`, `said` (Facts.said) and `protocol` of those at the same place.
    """

    id: str
    platform_id: str
    created_at: datetime
    status: str
    author_key: str = ""
    by_person: bool = False
    similarity: float = 1.0
    text: str = ""
    page: str = ""
    site_id: str = ""
    address_key: str = ""
    duplicate_of: str = ""
    words: str = ""
    said: str = ""
    protocol: str = ""

    @property
    def is_standing(self) -> bool:
        """Whether it may be shown, or still become so."""
        return self.status in STANDING

    @property
    def is_refused(self) -> bool:
        """Whether it was turned away for what it is, and not as a copy of what stands."""
        is_copy = self.status == "trash" and bool(self.duplicate_of) and not self.by_person
        return not (self.is_standing or is_copy)


@dataclass(frozen=True, slots=True)
class AuthorHistory:
    """What this site decided about this author before: people and machine, and people alone.

    The `_now` counts are people's, each halved every reputation.HALF_LIFE. `published_at` is when
    the earliest came that is published now and that nobody complained of.
    """

    approved: int = 0
    approved_by_person: int = 0
    spam: int = 0
    spam_by_person: int = 0
    approved_now: float = 0.0
    spam_now: float = 0.0
    first_seen: datetime | None = None
    published_at: datetime | None = None

    def is_known(self, now: datetime) -> bool:
        """Whether the author may be trusted: approved here by a person, or long published.

        Nobody is whom people called a spammer; the machine's own word only counts unopposed.
        """
        if self.spam_now >= FORGOTTEN:
            return False
        if self.approved_by_person:
            return True
        published = self.published_at
        return published is not None and not self.spam and now - published >= UNCHALLENGED

    def after(
        self,
        status: str,
        *,
        by_person: bool,
        count: int,
        made: datetime,
        now: datetime,
    ) -> "AuthorHistory":
        """This past with `count` more submissions of one status, made about `made`."""
        approved = count if status == "approved" else 0
        spam = count if status == "spam" else 0
        weight = remaining(now - made) if by_person else 0.0
        return AuthorHistory(
            approved=self.approved + approved,
            approved_by_person=self.approved_by_person + approved * by_person,
            spam=self.spam + spam,
            spam_by_person=self.spam_by_person + spam * by_person,
            approved_now=self.approved_now + approved * weight,
            spam_now=self.spam_now + spam * weight,
            first_seen=self.first_seen,
            published_at=self.published_at,
        )


@dataclass(frozen=True, slots=True)
class ScoredPiece:
    """A piece of the text that contributed to the score: its words and its log-odds."""

    words: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class TextScore:
    """What the spam model says about a text.

    `probability` is calibrated. `is_familiar` is False where the model cannot read the `language`:
    then it is what the site's layer alone says, 0 without one. `scored_pieces` come strongest
    first,
    only where somebody will read them, and `theme` says what it is about, as a noun, where that is
    clear.
    `model` names what judged: the shared model, and the site's layer if it has one. `layer` is
    that layer itself, for whoever explains the score later.
    `links`, `author` and `page` are log-odds that its links, the author's name and page are an
    advertiser's; None where there are none.
    """

    probability: float
    is_familiar: bool = True
    language: Language = UNTOLD
    scored_pieces: tuple[ScoredPiece, ...] = ()
    theme: str = ""
    model: str = ""
    layer: object = field(default=None, compare=False, repr=False)
    links: float | None = None
    author: float | None = None
    page: float | None = None

    @property
    def weight(self) -> float:
        """What it weighs by itself: more for whatever is more likely, and never over ALONE.

        What is rather honest than spam stops short of what holds.
        """
        if self.probability < HALF:
            return min(self.probability, DOUBTED)
        return round(HALF + (self.probability - HALF) * (ALONE - HALF) / (1 - HALF), 4)


class LanguageMatch(StrEnum):
    """Whether the model reads the text's language (READ), or it is the blog's own (OWN), or
    neither.
    """

    READ = "read"
    OWN = "own"  # a language that the site writes in, which the model cannot read
    FOREIGN = "foreign"  # one that neither knows


@dataclass(frozen=True, slots=True)
class Context:
    """What the checks of one submission may know; loaded once per batch
    (usecases/judge/context.py).

    `siblings` holds the site's other submissions with the same or a near text, earliest first;
    `at_place` those of the same hand under the same post and parent within a day, or of the same
    source for the same target, earliest first, the closest in time;
    `is_near_known` is False when the near-duplicate index did not answer; `text_score` is None
    when no model was asked; `hosts` holds every host that the submission answers for, in order;
    `records` are those of what a comment brings (reputation.WITH_PAGE, WITH_LINK);
    `campaign` is the one that it is in, counted with it; `joining` is who joins it by this;
    `phrases` are the keys by which others that say it in other words will find it;
    `languages` are the codes of the site's own, as far as they are needed; `crowd` are others at
    the same address in the same moment, and of the same name on the same day.
    """

    site: Site
    now: datetime
    siblings: tuple[Sibling, ...] = ()
    at_place: tuple[Sibling, ...] = ()
    is_near_known: bool = True
    author_history: AuthorHistory = AuthorHistory()
    text_score: TextScore | None = None
    hosts: Mapping[str, Reputation] = field(default_factory=dict)
    campaign: Campaign | None = None
    joining: tuple[CampaignMember, ...] = ()
    phrases: tuple[int, ...] = ()
    facts: Facts | None = None
    records: Mapping[str, Reputation] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    crowd: Crowd = NO_CROWD

    @property
    def reading(self) -> LanguageMatch:
        """Whether the model can read the text; READ where none was asked."""
        score = self.text_score
        if score is None or score.is_familiar:
            return LanguageMatch.READ
        return (
            LanguageMatch.OWN if is_own(score.language, self.languages) else LanguageMatch.FOREIGN
        )

    def knows(self, author: Author) -> bool:
        """Whether the author of this is no stranger here."""
        return author.trusted or author.is_staff or self.author_history.is_known(self.now)

    def about(self, submission: Submission) -> Facts:
        """What is seen in the submission: looked for once, where the batch brought it along."""
        if self.facts is not None and self.facts.submission is submission:
            return self.facts
        return Facts(submission, self.site.hosts)


@dataclass(frozen=True, slots=True)
class RemoteTools:
    """What a remote check may use to reach the network.

    `sources` counts what all processes fetch; `host_lists` are there if an operator named some.
    """

    fetcher: Fetcher
    spam_service: SpamService
    link_cache: LinkCache
    sources: SourceFetchers | None = None
    blocklists: DnsBlocklists | None = None

    def source_fetcher(self, site: Site) -> Fetcher:
        """What fetches the sources of this site's linkbacks."""
        return self.fetcher if self.sources is None else self.sources.of(site.id)


class TextJudge(Protocol):
    """Scores the texts of a whole batch at once: far cheaper than one by one."""

    def score(self, many: Sequence[Facts]) -> list[TextScore]:
        """How likely each is spam; nothing says why yet."""
        ...

    def explain(self, many: Sequence[tuple[Facts, TextScore]]) -> list[TextScore]:
        """The same scores, with what carried each text's and what it is about."""
        ...


class LocalCheck(Protocol):
    """A question that needs nothing but the submission and its context.

    One that asks about several things answers with a finding for each that there is.
    """

    @property
    def name(self) -> str: ...

    def run(self, submission: Submission, context: Context) -> Finding | tuple[Finding, ...]: ...


class RemoteCheck(Protocol):
    """A question that needs the network; runs in the second stage, many at a time."""

    @property
    def name(self) -> str: ...

    def applies(self, submission: Submission, context: Context) -> bool:
        """Whether there is anything to ask; decided without the network."""
        ...

    async def run(
        self, submission: Submission, context: Context, tools: RemoteTools
    ) -> Finding: ...
