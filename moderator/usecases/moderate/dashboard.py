"""Read what the pages show: every question names the sites that the asker may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from moderator.domain.account import Scope
from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import (
    CampaignPage,
    Choices,
    Dossier,
    Line,
    Listing,
    LogPage,
    Overview,
    Shelf,
)
from moderator.domain.pages.find import Query

MEMBERS = 50  # of a campaign that are shown: the first
NEW = 100  # up to which newly arrived ones are counted
PAGE = 25  # lines of a list: small enough for a first load of 30 KiB
SILENCE = timedelta(minutes=2)  # work that waits longer says that nobody works
DAY = timedelta(hours=24)


class ReadingStore(Protocol):
    """`scope` holds the ids of the sites, None for all; what is outside of it does not exist."""

    def overview(self, scope: Scope, *, since: datetime, due_before: datetime) -> Overview: ...

    def listing(self, scope: Scope, shelf: Shelf, *, before: str, limit: int) -> Listing: ...

    def find(  # a list, what is asked of it, and a page of that
        self, scope: Scope, shelf: Shelf, query: Query, *, before: str, limit: int, now: datetime
    ) -> Listing: ...

    def choices(self, scope: Scope) -> Choices: ...

    def arrived(self, scope: Scope, *, after: str, limit: int) -> int:
        """How many held ones came after a place; `limit` is as far as is counted."""
        ...

    def lines(self, scope: Scope, ids: Sequence[str]) -> dict[str, Line]:
        """Those of these submissions that there are, by id."""
        ...

    def dossier(self, scope: Scope, submission_id: str) -> Dossier | None: ...

    def campaign(self, scope: Scope, campaign_id: str, *, limit: int) -> CampaignPage | None: ...

    def log(self, scope: Scope, *, before: str, limit: int) -> LogPage: ...


@dataclass(frozen=True, slots=True)
class Look:
    store: ReadingStore

    def around(self, scope: Scope, *, now: datetime) -> Overview:
        """What stands around every list: counts, the last day, whether the workers are silent."""
        return self.store.overview(scope, since=now - DAY, due_before=now - SILENCE)

    def shelf(self, scope: Scope, shelf: Shelf, *, before: str = "") -> Listing:
        """One page of a list. Raises NotFoundError when `before` is no place in it."""
        _must_be_plain(before)
        return self.store.listing(scope, shelf, before=before, limit=PAGE)

    def find(
        self, scope: Scope, shelf: Shelf, query: Query, *, before: str = "", now: datetime
    ) -> Listing:
        """One page of what is looked for in a list, each as a line of its own.

        Raises NotFoundError when `before` is no place in it.
        """
        _must_be_plain(before)
        return self.store.find(scope, shelf, query, before=before, limit=PAGE, now=now)

    def choices(self, scope: Scope) -> Choices:
        """What the lists can be filtered by."""
        return self.store.choices(scope)

    def arrived(self, scope: Scope, *, after: str) -> int:
        """How many were held since a list was read whose newest place is `after` ('' for none)."""
        _must_be_plain(after)
        return self.store.arrived(scope, after=after, limit=NEW)

    def line(self, scope: Scope, submission_id: str) -> Line:
        """Raises NotFoundError, also for what belongs to a site outside of `scope`."""
        found = self.lines(scope, [submission_id])
        if not found:
            raise NotFoundError("There is no such submission")
        return found[submission_id]

    def lines(self, scope: Scope, ids: Sequence[str]) -> dict[str, Line]:
        """Those of these submissions that the asker may see, by id."""
        return self.store.lines(scope, [id_ for id_ in ids if id_.isascii() and id_.isalnum()])

    def submission(self, scope: Scope, submission_id: str) -> Dossier:
        """Raises NotFoundError, also for what belongs to a site outside of `scope`."""
        _must_be_plain(submission_id)
        found = self.store.dossier(scope, submission_id)
        if found is None:
            raise NotFoundError("There is no such submission")
        return found

    def campaign(self, scope: Scope, campaign_id: str) -> CampaignPage:
        """Raises NotFoundError, also when no member belongs to a site of `scope`."""
        _must_be_plain(campaign_id)
        found = self.store.campaign(scope, campaign_id, limit=MEMBERS)
        if found is None:
            raise NotFoundError("There is no such campaign")
        return found

    def log(self, scope: Scope, *, before: str = "") -> LogPage:
        _must_be_plain(before)
        return self.store.log(scope, before=before, limit=PAGE)


def _must_be_plain(value: str) -> None:
    """An id or a place comes from an address; what no id can hold is not taken to the database."""
    if not (value.isascii() and value.isprintable()):
        raise NotFoundError("There is no such page")
