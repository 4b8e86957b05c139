"""Change what is known of a site, and remove one with everything that belongs to it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import InvalidError, NotFoundError
from moderator.domain.site import Site
from moderator.usecases.operate.site_values import SiteChanges, changed


class ChangeableSites(Protocol):
    def get(self, site_id: str) -> Site | None: ...

    def change(self, before: Site, after: Site) -> None: ...


class RemovableSites(Protocol):
    def submissions_of(self, site_id: str) -> int:
        """How many submissions go with the site, erased ones as well."""
        ...

    def remove(self, site_id: str) -> None:
        """Delete the site and all that names it. What is cut short is finished by the next call."""
        ...


@dataclass(frozen=True, slots=True)
class ChangeSite:
    sites: ChangeableSites
    platforms: Collection[str]

    def judge(self, site_id: str, changes: SiteChanges) -> Site:
        """What the site would be. Raises NotFoundError, InvalidError with every wrong field."""
        return changed(_known(self.sites, site_id), changes, self.platforms)

    def __call__(self, site_id: str, changes: SiteChanges) -> Site:
        """Change all of it or nothing; what was judged and told already stays.

        Raises NotFoundError, InvalidError with every wrong field.
        """
        before = _known(self.sites, site_id)
        after = changed(before, changes, self.platforms)
        self.sites.change(before, after)
        return after


@dataclass(frozen=True, slots=True)
class RemoveSite:
    sites: ChangeableSites
    store: RemovableSites

    def count(self, site_id: str) -> int:
        """How many submissions go with it. Raises NotFoundError."""
        _known(self.sites, site_id)
        return self.store.submissions_of(site_id)

    def __call__(self, site_id: str, confirmed: str) -> None:
        """Remove the site; `confirmed` is its id, as somebody typed it to say that it is meant.

        Raises NotFoundError, InvalidError.
        """
        _known(self.sites, site_id)
        if confirmed.strip() != site_id:
            raise InvalidError(f"Nothing was removed: {site_id!r} was not confirmed by its id")
        self.store.remove(site_id)


def _known(sites: ChangeableSites, site_id: str) -> Site:
    site = sites.get(site_id)
    if site is None:
        raise NotFoundError(f"There is no site {site_id!r}")
    return site
