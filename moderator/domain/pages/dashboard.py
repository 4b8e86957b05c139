"""What the pages show: lists of submissions, one submission with everything, the log."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from moderator.domain.decisions.advance import AdvanceRuling
from moderator.domain.decisions.delivery import Delivery
from moderator.domain.finding import Finding
from moderator.domain.history.campaign import MIN_SHOWN_MEMBERS, Campaign, JoinKind, SiteShare
from moderator.domain.history.reputation import EPOCH
from moderator.domain.pages.claim import QueueClaim
from moderator.domain.pages.find import PLAIN, Query
from moderator.domain.submission import Submission
from moderator.domain.verdict import Decider, DeciderKind, RecordedDecision


class Tab(StrEnum):
    """The lists of the queue page."""

    HELD = "held"
    REPORTED = "reported"
    SAMPLE = "sample"
    DISCARDED = "discarded"
    SPAM = "spam"
    APPROVED = "approved"
    ALL = "all"


# The statuses on a tab; what has no verdict yet, and what was erased, shows only under ALL.
STATUSES_OF_TAB = {
    Tab.HELD: ("hold",),
    Tab.REPORTED: ("approved",),  # of these, what readers' reports put before a person
    Tab.SAMPLE: ("approved",),  # of these, a few that the machine let through
    Tab.DISCARDED: ("trash",),
    Tab.SPAM: ("spam",),
    Tab.APPROVED: ("approved",),
    Tab.ALL: ("hold", "trash", "spam", "approved", "queued", "erased"),
}
TAB_OF_STATUS = {
    statuses[0]: tab
    for tab, statuses in STATUSES_OF_TAB.items()
    if len(statuses) == 1 and tab not in (Tab.REPORTED, Tab.SAMPLE)
}


@dataclass(frozen=True, slots=True)
class ListItem:
    """One submission in a list; `submission` is None once it was erased.

    `reason` is the first reason of the latest decision, `reason_key` its key. `members` counts the
    held submissions of its campaign that the asker may see, this one included: what one press of a
    key decides. `campaign_id` and `campaign_members` tell the campaign, of whatever size.
    `reports` counts readers who reported it; `is_listed` says that they put it before a person. Who
    decides by this line has seen the decision `sequence` and the text `content_version`. `claim` is
    who looked at it last.
    """

    id: str
    site_id: str
    site_name: str
    kind: str
    status: str
    score: float
    decided_by: str
    duplicate_of: str
    received_at: datetime
    submission: Submission | None
    reason: str = ""
    reason_key: str = ""
    members: int = 1
    campaign_id: str = ""
    campaign_members: int = 0
    reports: int = 0
    is_listed: bool = False
    sequence: int = 0
    content_version: int = 1
    claim: QueueClaim | None = None

    @property
    def key(self) -> str:
        """What the line stands for: its campaign, where it is alone itself."""
        return self.campaign_id or self.id

    @property
    def place(self) -> str:
        """Where it stands among what is held: when it came (ms since 1970), and its id."""
        return f"{(self.received_at - EPOCH) // timedelta(milliseconds=1)}.{self.id}"

    @property
    def is_in_campaign(self) -> bool:
        """Whether its campaign is large enough to be called one."""
        return self.campaign_members >= MIN_SHOWN_MEMBERS

    @property
    def is_by_machine(self) -> bool:
        """Whether no person said yet what stands."""
        return not DeciderKind(self.decided_by or "rule").is_person


@dataclass(frozen=True, slots=True)
class CappedCount:
    """How many; `is_more` says that counting stopped there."""

    number: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of a tab, newest first; `older` asks for the next page ('' at the end).

    `newest` is the place of the first line, '' where there is none. `is_partial` says of what was
    looked for that not all was looked at: there may be more from `older` on.
    """

    lines: tuple[ListItem, ...]
    older: str = ""
    newest: str = ""
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What lists can be filtered by: names of sites by id, codes of what there is."""

    sites: dict[str, str]
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)  # kind, language, reason


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands around every list. `today` counts verdicts of the last 24 hours.

    `silent_since` is set when work has been due since then and nobody took it.
    """

    tallies: dict[Tab, CappedCount]
    today: dict[str, int] = field(default_factory=dict)
    silent_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Verdicts are counted `since` then; work that was `due_before` should have been taken."""

    since: datetime
    due_before: datetime


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A page of a list, behind the place `before` ('' for the first).

    `query` looks for something in it; `with_choices` asks what can be looked for.
    """

    tab: Tab
    query: Query = PLAIN
    before: str = ""
    limit: int = 0
    with_choices: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the list itself is wanted; in the sample nothing is looked for."""
        return self.query.is_plain or self.tab is Tab.SAMPLE


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a list with what stands around it; `choices` where they were asked for."""

    listing: ItemPage
    overview: Overview
    choices: Choices | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision with what was found for it and the callbacks that told the blog."""

    recorded: RecordedDecision
    findings: tuple[Finding, ...]
    sendings: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a submission stands; `latest` is the decision by which it does, None before the first."""

    line: ListItem
    latest: RecordedDecision | None


@dataclass(frozen=True, slots=True)
class Note:
    """What a moderator wrote about a submission; only people who may see it read it."""

    id: str
    submission_id: str
    by: Decider
    words: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """One submission with everything: judgements newest first, its kin, its author's past.

    `source` is the host that it comes from or leads to, `by_source` others of it that waited,
    `source_tallies` what people said of it. `earlier` is what it was before its latest edit.
    `notes` are what people wrote about it, the oldest first.
    """

    line: ListItem
    sequence: int
    content_version: int
    judgements: tuple[Judgement, ...]
    original: ListItem | None = None
    parent: ListItem | None = None  # the comment that it replies to
    copies: tuple[ListItem, ...] = ()
    alike: tuple[ListItem, ...] = ()  # other held submissions with the same text
    by_author: tuple[ListItem, ...] = ()  # the author's latest, without this one
    author_tallies: dict[str, int] = field(default_factory=dict)  # by status
    source: str = ""
    by_source: tuple[ListItem, ...] = ()
    source_tallies: dict[str, int] = field(default_factory=dict)  # approved, spam
    earlier: Submission | None = None
    notes: tuple[Note, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether `original` came later, and corrects this one."""
        reasons = self.judgements[0].recorded.decision.reasons if self.judgements else ()
        return any(reason.evidence.get("how") == "corrected" for reason in reasons)


@dataclass(frozen=True, slots=True)
class CampaignPageMember:
    """A member of a campaign; `relative_id` is '' where the relative is nobody's business here."""

    line: ListItem
    how: JoinKind
    similarity: float
    joined_at: datetime
    relative_id: str = ""


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign as somebody may see it: what others' sites said is counted, never shown.

    `shape` is how the first member on the asker's sites looked, `sites` are (name, share) of those
    sites, `elsewhere` counts the other ones. `held` counts the asker's held members, up to the
    place `newest`; `members` are some of the asker's, those that are held first. `times` are when
    the latest came, `rulings` what was decided in advance.
    """

    campaign: Campaign
    shape: str
    sites: tuple[tuple[str, SiteShare], ...]
    elsewhere: int
    hosts: dict[str, int]
    members: tuple[CampaignPageMember, ...]
    held: int = 0
    newest: str = ""
    times: tuple[datetime, ...] = ()
    rulings: tuple[AdvanceRuling, ...] = ()
