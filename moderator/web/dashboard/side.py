"""The list that stands beside what a page shows."""

from dataclasses import dataclass

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import Listing, Overview, Shelf
from moderator.web.dashboard.security import desk, services, visit


@dataclass(frozen=True, slots=True)
class Side:
    """The list that stands beside a submission, and on the queue page itself."""

    shelf: Shelf
    listing: Listing
    overview: Overview
    before: str


def side(shelf: Shelf, before: str) -> Side:
    scope, look = visit().moderator.scope, desk().look
    return Side(
        shelf,
        look.shelf(scope, shelf, before=before),
        look.around(scope, now=services().clock()),
        before,
    )


def shelf_named(name: str, default: Shelf) -> Shelf:
    if not name:
        return default
    if name not in set(Shelf):
        raise NotFoundError("There is no such list")
    return Shelf(name)
