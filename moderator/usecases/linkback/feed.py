"""What a page without a server of its own shows: its approved linkbacks, for anybody to read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Protocol

from moderator.domain.content.fingerprint import page_target_key
from moderator.domain.errors import FieldError, InvalidError, NotFoundError
from moderator.domain.pages.feed import FeedSlice, Mention
from moderator.domain.site import Site
from moderator.domain.urls.parse import Url, read
from moderator.domain.urls.same_page import is_own

MAX_TARGETS = 10  # pages asked for at once
NO_FEED = "No site whose linkbacks anybody may read has this page"


class FeedSites(Protocol):
    def all(self) -> tuple[Site, ...]: ...


class MentionStore(Protocol):
    def of_page(self, site_id: str, address: str, part: FeedSlice) -> list[Mention]: ...

    def of_site(self, site_id: str, part: FeedSlice) -> list[Mention]: ...

    def count(self, site_id: str, address: str) -> Counter[str]: ...


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """Raises NotFoundError for pages of no site that has a feed, InvalidError for what is none."""

    sites: FeedSites
    store: MentionStore

    def __call__(self, targets: Sequence[str], part: FeedSlice) -> list[Mention]:
        """Some of the linkbacks of these pages, those of several in one order."""
        pages = self._pages(targets)
        if len(pages) == 1:
            return self.store.of_page(*pages[0], part)
        whole = replace(part, offset=0, size=part.offset + part.size)
        read_ = [self.store.of_page(site_id, page, whole) for site_id, page in pages]
        merged = merge(*read_, key=_number, reverse=not part.is_rising)
        return list(islice(merged, part.offset, whole.size))

    def of_domain(self, domain: str, part: FeedSlice) -> list[Mention]:
        """Some of the linkbacks of all pages of the site that has this host."""
        for site in self._sites(read(f"https://{domain}/")):
            return self.store.of_site(site.id, part)
        raise NotFoundError(NO_FEED)

    def count(self, target: str) -> Counter[str]:
        """How many linkbacks of each relation a page has, the newest thousand at most."""
        [(site_id, page)] = self._pages([target])
        return self.store.count(site_id, page)

    def _pages(self, targets: Sequence[str]) -> list[tuple[str, str]]:
        """Site and address of each page, once."""
        if not 0 < len(targets) <= MAX_TARGETS:
            wrong = FieldError("/target", f"1 to {MAX_TARGETS} addresses are needed")
            raise InvalidError("The query is not valid", (wrong,))
        found: dict[tuple[str, str], str] = {}
        for target in targets:
            for site in self._sites(read(target)):
                found.setdefault((site.id, page_target_key(target)), target)
                break
        if not found:
            raise NotFoundError(NO_FEED)
        return [(site_id, target) for (site_id, _), target in found.items()]

    def _sites(self, url: Url | None) -> list[Site]:
        """Those that have a feed and this host."""
        if url is None:
            wrong = FieldError("/target", "Not an absolute http or https URL")
            raise InvalidError("The query is not valid", (wrong,))
        return [site for site in self.sites.all() if site.has_feed and is_own(url, site.hosts)]


def _number(mention: Mention) -> int:
    return mention.number
