"""What entries would have named among what a site was sent last; nothing is written.

What the blog's own people wrote is passed over, as it is when it is judged.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderator.domain.content.facts import Facts
from moderator.domain.history.record import PastSubmission
from moderator.domain.lists.compiled import CompiledList, ListHit
from moderator.domain.lists.mentions import Mentions
from moderator.domain.site import Site
from moderator.domain.submission import Submission

PAGE_SUBMISSIONS = 200  # submissions that are read at once
MAX_SHOWN = 3  # of what an entry would have named


class RecentSubmissions(Protocol):
    def newest(self, site_id: str, before: str, limit: int) -> Sequence[PastSubmission]:
        """A site's submissions, newest first; `before` is the last id of the page before, or ''."""
        ...


@dataclass(slots=True)
class EntryTrial:
    """What one entry would have named, by wire status, with the newest of them."""

    by_status: Counter[str] = field(default_factory=Counter)
    newest: list[tuple[Submission, ListHit]] = field(default_factory=list)


@dataclass(slots=True)
class ListTrial:
    """Each entry with what it would have named, and how many submissions were read."""

    denied: dict[str, EntryTrial]
    allowed: dict[str, EntryTrial]
    read: int = 0


def try_lists(
    recent: RecentSubmissions, site: Site, deny: Iterable[str], allow: Iterable[str], most: int
) -> ListTrial:
    """Entries are read as they are when they are stored: those that cannot be name nothing."""
    to_deny, to_allow = CompiledList(deny), CompiledList(allow)
    trial = ListTrial(
        {entry.typed: EntryTrial() for entry in to_deny.entries},
        {entry.typed: EntryTrial() for entry in to_allow.entries},
    )
    before = ""
    while trial.read < most:
        page = recent.newest(site.id, before, min(PAGE_SUBMISSIONS, most - trial.read))
        if not page:
            break
        for past in page:
            if not past.submission.author.is_staff:
                mentions = Mentions(Facts(past.submission, site.hosts))
                _count(trial.denied, past, to_deny.hits(mentions, in_disguise=True))
                _count(trial.allowed, past, to_allow.hits(mentions, in_disguise=False))
        trial.read += len(page)
        before = page[-1].submission.id
    return trial


def _count(named: dict[str, EntryTrial], past: PastSubmission, hits: Iterable[ListHit]) -> None:
    for hit in hits:
        one = named[hit.entry]
        one.by_status[past.status] += 1
        if len(one.newest) < MAX_SHOWN:
            one.newest.append((past.submission, hit))
