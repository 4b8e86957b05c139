"""Connects a site to the REST API of its WordPress, and sees whether that works."""

from dataclasses import dataclass, replace
from typing import Protocol

from moderator.domain.errors import FetchError, NotFoundError
from moderator.domain.ports import SiteLookup
from moderator.domain.site import Site, WordPressAccess
from moderator.platforms.wordpress_rest import answers, requests
from moderator.usecases.wordpress.blog import UNREADABLE, WordPressBlog, asked


class AccessStore(Protocol):
    def connect(self, site_id: str, access: WordPressAccess) -> None:
        """Poll the site this way from now on."""
        ...

    def disconnect(self, site_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ConnectWordPress:
    sites: SiteLookup
    store: AccessStore
    blog: WordPressBlog

    async def connect(self, site_id: str, access: WordPressAccess) -> int:
        """Ask the blog as this user, and poll it from now on; return how much is on hold there.

        Nothing is kept of what does not work. Raises NotFoundError, FetchError.
        """
        site = replace(self.site(site_id), wordpress=access)
        page = answers.comments_in(await asked(self.blog, site, requests.held(0)))
        if page is None:
            raise FetchError(UNREADABLE)
        self.store.connect(site_id, access)
        return page.length if page.total is None else page.total

    def disconnect(self, site_id: str) -> None:
        """Neither poll the site nor tell it anything this way. Raises NotFoundError."""
        self.site(site_id)
        self.store.disconnect(site_id)

    def site(self, site_id: str) -> Site:
        """Raises NotFoundError."""
        site = self.sites.get(site_id)
        if site is None:
            raise NotFoundError(f"There is no site {site_id!r}")
        return site
