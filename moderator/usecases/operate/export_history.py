"""Writes a site's history as lines, so that it makes the same site elsewhere.

The last line says how many there were: a file that lacks it is not whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.decisions.exported import Kept, SiteExport
from moderator.domain.site import Site
from moderator.intake.imports.moderator import last_line, line


class HistoryStore(Protocol):
    def records(self, site_id: str) -> Iterator[Kept]:
        """Everything of a site, in the order of arrival."""
        ...


@dataclass(frozen=True, slots=True)
class ExportHistory:
    store: HistoryStore
    site: Site
    now: datetime

    def __call__(self, write: Callable[[bytes], object]) -> int:
        """Write line after line; return how many records there were."""
        site, count = self.site, 0
        head = SiteExport(site.id, self.now, site.langs, site.policy)
        write(line(head) + b"\n")
        for record in self.store.records(site.id):
            write(line(record) + b"\n")
            count += 1
        write(last_line(count) + b"\n")
        return count
