"""What a site may read about its own submission."""

from dataclasses import dataclass
from typing import Protocol

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.api import SubmissionStatus


class SubmissionStatusStore(Protocol):
    """Every question names the site: what belongs to another is not there."""

    def find(self, site_id: str, submission_id: str) -> SubmissionStatus | None: ...

    def find_by_platform_id(self, site_id: str, platform_id: str) -> SubmissionStatus | None: ...


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    store: SubmissionStatusStore

    def __call__(self, site_id: str, submission_id: str) -> SubmissionStatus:
        """Return the submission by our id. Raises NotFoundError."""
        return _found(self.store.find(site_id, submission_id))

    def by_platform_id(self, site_id: str, platform_id: str) -> SubmissionStatus:
        """Return the submission by the blog's id. Raises NotFoundError."""
        return _found(self.store.find_by_platform_id(site_id, platform_id))


def _found(view: SubmissionStatus | None) -> SubmissionStatus:
    if view is None:
        raise NotFoundError("There is no such submission")
    return view
