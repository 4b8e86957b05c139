"""Reads what the dashboard shows, within the sites that the moderator may see (`scope`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import (
    CampaignPage,
    Choices,
    ItemPage,
    ListItem,
    ListRequest,
    Overview,
    QueuePage,
    Standing,
    SubmissionPage,
    Tab,
    Times,
)
from moderator.domain.pages.find import PLAIN, Query
from moderator.domain.pages.log import LogEntry, LogPage, LogQuery
from moderator.domain.pages.stats import Statistics

MAX_SHOWN_MEMBERS = 50  # of a campaign that are shown: the first
MAX_NEW_ITEMS = 100  # up to which newly arrived ones are counted
ITEMS_PER_PAGE = 25  # lines of a list: small enough for a first load of 30 KiB
SILENT_AFTER = timedelta(minutes=2)  # work that waits longer says that nobody works
OVERVIEW_WINDOW = timedelta(hours=24)
PORTION = 200  # entries of the log that are read at once for who wants all of it
EVERYTHING = LogQuery()


class DashboardStore(Protocol):
    """`scope` holds the ids of the sites, None for all; what is outside of it does not exist."""

    def overview(self, scope: Scope, times: Times) -> Overview: ...

    def queue(
        self, scope: Scope, request: ListRequest, times: Times, *, now: datetime
    ) -> QueuePage: ...

    def listing(self, scope: Scope, request: ListRequest) -> ItemPage: ...

    def find(self, scope: Scope, request: ListRequest, *, now: datetime) -> ItemPage: ...

    def choices(self, scope: Scope) -> Choices: ...

    def arrived(self, scope: Scope, *, after: str, limit: int) -> int:
        """How many held ones came after a place; `limit` is as far as is counted."""
        ...

    def lines(self, scope: Scope, ids: Sequence[str]) -> dict[str, ListItem]:
        """Those of these submissions that there are, by id."""
        ...

    def standing(self, scope: Scope, submission_id: str) -> Standing | None: ...

    def submission_page(self, scope: Scope, submission_id: str) -> SubmissionPage | None: ...

    def campaign(self, scope: Scope, campaign_id: str, *, limit: int) -> CampaignPage | None: ...

    def log(self, scope: Scope, query: LogQuery, *, before: str, limit: int) -> LogPage: ...

    def colleagues(self, scope: Scope) -> dict[str, str]: ...

    def statistics(self, scope: Scope, site: str, now: datetime) -> Statistics: ...


@dataclass(frozen=True, slots=True)
class DashboardReads:
    store: DashboardStore

    def around(self, scope: Scope, *, now: datetime) -> Overview:
        """Counts per tab, verdicts of the last OVERVIEW_WINDOW, and since when no worker took due
        work.
        """
        return self.store.overview(scope, _times(now))

    def queue(self, scope: Scope, request: ListRequest, *, now: datetime) -> QueuePage:
        """A page of a list with what stands around it, as of one moment.

        Raises NotFoundError when `before` is no place in it.
        """
        _must_be_plain(request.before)
        return self.store.queue(scope, replace(request, limit=ITEMS_PER_PAGE), _times(now), now=now)

    def tab(self, scope: Scope, tab: Tab, *, before: str = "") -> ItemPage:
        """One page of a list. Raises NotFoundError when `before` is no place in it."""
        _must_be_plain(before)
        return self.store.listing(scope, ListRequest(tab, PLAIN, before, ITEMS_PER_PAGE))

    def find(
        self, scope: Scope, tab: Tab, query: Query, *, before: str = "", now: datetime
    ) -> ItemPage:
        """One page of what is looked for in a list, each as a line of its own.

        Raises NotFoundError when `before` is no place in it.
        """
        _must_be_plain(before)
        return self.store.find(scope, ListRequest(tab, query, before, ITEMS_PER_PAGE), now=now)

    def choices(self, scope: Scope) -> Choices:
        """What the lists can be filtered by."""
        return self.store.choices(scope)

    def arrived(self, scope: Scope, *, after: str) -> int:
        """How many were held since a list was read whose newest place is `after` ('' for none)."""
        _must_be_plain(after)
        return self.store.arrived(scope, after=after, limit=MAX_NEW_ITEMS)

    def line(self, scope: Scope, submission_id: str) -> ListItem:
        """Raises NotFoundError, also for what belongs to a site outside of `scope`."""
        found = self.lines(scope, [submission_id])
        if not found:
            raise NotFoundError("There is no such submission")
        return found[submission_id]

    def lines(self, scope: Scope, ids: Sequence[str]) -> dict[str, ListItem]:
        """Those of these submissions that the asker may see, by id."""
        return self.store.lines(scope, [id_ for id_ in ids if id_.isascii() and id_.isalnum()])

    def standing(self, scope: Scope, submission_id: str) -> Standing:
        """How it stands, and by whom. Raises NotFoundError, also for what is outside of `scope`."""
        _must_be_plain(submission_id)
        found = self.store.standing(scope, submission_id)
        if found is None:
            raise NotFoundError("There is no such submission")
        return found

    def submission(self, scope: Scope, submission_id: str) -> SubmissionPage:
        """Raises NotFoundError, also for what belongs to a site outside of `scope`."""
        _must_be_plain(submission_id)
        found = self.store.submission_page(scope, submission_id)
        if found is None:
            raise NotFoundError("There is no such submission")
        return found

    def campaign(self, scope: Scope, campaign_id: str) -> CampaignPage:
        """Raises NotFoundError, also when no member belongs to a site of `scope`."""
        _must_be_plain(campaign_id)
        found = self.store.campaign(scope, campaign_id, limit=MAX_SHOWN_MEMBERS)
        if found is None:
            raise NotFoundError("There is no such campaign")
        return found

    def log(self, scope: Scope, query: LogQuery = EVERYTHING, *, before: str = "") -> LogPage:
        """Raises NotFoundError when `before` is no place in it."""
        _must_be_plain(before)
        return self.store.log(scope, query, before=before, limit=ITEMS_PER_PAGE)

    def whole_log(self, scope: Scope, query: LogQuery) -> Iterator[LogEntry]:
        """All of it, read a portion at a time while it is taken."""
        before = ""
        while True:
            page = self.store.log(scope, query, before=before, limit=PORTION)
            yield from page.entries
            before = page.older
            if not before:
                return

    def colleagues(self, scope: Scope) -> dict[str, str]:
        """Names by id of who may decide about the same sites."""
        return self.store.colleagues(scope)

    def statistics(self, scope: Scope, site: str = "", *, now: datetime) -> Statistics:
        """Of one site of the asker's, or of all ('')."""
        return self.store.statistics(scope, site, now)


def _times(now: datetime) -> Times:
    return Times(since=now - OVERVIEW_WINDOW, due_before=now - SILENT_AFTER)


def _must_be_plain(value: str) -> None:
    """An id or a place comes from an address; what no id can hold is not taken to the database."""
    if not (value.isascii() and value.isprintable()):
        raise NotFoundError("There is no such page")
