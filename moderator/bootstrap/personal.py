"""Wires what shows and erases the data of one author."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moderator.bootstrap.operate.opened import opened
from moderator.bootstrap.worker import build_worker
from moderator.domain.errors import NotFoundError
from moderator.domain.pages.personal import AuthorQuery
from moderator.domain.queue import Job
from moderator.settings import Settings
from moderator.storage.base.payload import dump
from moderator.storage.intake.authors import AuthorRows
from moderator.storage.people.sites import SiteRows


@dataclass(frozen=True, slots=True)
class PersonalData:
    settings: Settings
    site_id: str
    rows: AuthorRows

    def export(self, asked: AuthorQuery) -> Iterator[str]:
        """A line of JSON for each submission of the author."""
        return map(dump, self.rows.find(self.site_id, asked))

    def erase(self, asked: AuthorQuery) -> int:
        """Erase all of it, and let the site's model forget what it was taught by it."""
        ids = [personal.id for personal in self.rows.find(self.site_id, asked)]
        count = sum(map(self.rows.erase, ids))
        worker = build_worker(self.settings)
        worker.drains[Job.TRAIN_SITE_MODEL]()
        worker.close()
        return count

    def named_in(self, asked: AuthorQuery) -> list[str]:
        """Where people of the site name the author themselves."""
        return self.rows.named_in(self.site_id, asked)

    def scrub(self) -> bool:
        """Let no byte stay in free pages; False when that could not be done now."""
        return self.rows.scrub()


@contextmanager
def open_personal(settings: Settings, site_id: str) -> Iterator[PersonalData]:
    """Raises NotFoundError."""
    with opened(settings) as database:
        if SiteRows(database).get(site_id) is None:
            raise NotFoundError(f"There is no site {site_id!r}")
        yield PersonalData(settings=settings, site_id=site_id, rows=AuthorRows(database))


@contextmanager
def open_scrub(settings: Settings) -> Iterator[Callable[[], bool]]:
    """What lets no byte stay in free pages; False when that could not be done now."""
    with opened(settings) as database:
        yield AuthorRows(database).scrub
