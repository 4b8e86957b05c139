"""Choose how long a site keeps what people wrote."""

from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import NotFoundError
from moderator.domain.site import Site
from moderator.domain.timing.retention import Retention, RetentionChoice


class RetainingSites(Protocol):
    def get(self, site_id: str) -> Site | None: ...

    def set_retention(self, site_id: str, choice: RetentionChoice) -> None: ...


@dataclass(frozen=True, slots=True)
class ChooseRetention:
    """`usual` is the installation's, which counts where a site chose nothing."""

    sites: RetainingSites
    usual: Retention

    def of(self, site_id: str) -> tuple[RetentionChoice, Retention]:
        """What the site chose, and what that comes to. Raises NotFoundError."""
        site = self.sites.get(site_id)
        if site is None:
            raise NotFoundError(f"There is no site {site_id!r}")
        return site.retention, site.retention.over(self.usual)

    def __call__(self, site_id: str, choice: RetentionChoice) -> Retention:
        """What is gone already does not come back. Raises NotFoundError."""
        before, _ = self.of(site_id)
        if choice != before:
            self.sites.set_retention(site_id, choice)
        return choice.over(self.usual)
