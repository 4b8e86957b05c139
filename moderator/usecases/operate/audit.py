"""Writes down what owners did, and tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderator.domain.pages.audit import (
    LINES_PER_PAGE,
    MAX_DETAIL,
    AuditAct,
    AuditLine,
    AuditPage,
    AuditQuery,
)
from moderator.domain.verdict import Decider

PORTION = 500  # lines that an export reads at once


class AuditStore(Protocol):
    def write(self, line: AuditLine) -> None: ...

    def lines(self, query: AuditQuery, before: int, limit: int) -> Sequence[AuditLine]:
        """The newest first; `before` is the number of the last of the page before, or 0."""
        ...

    def people(self) -> dict[str, str]:
        """Whoever stands in the log, by id."""
        ...


@dataclass(frozen=True, slots=True)
class Audit:
    store: AuditStore

    def __call__(  # who did what to whom: all of it is one line
        self, act: AuditAct, by: Decider, now: datetime, *, about: str = "", site_id: str = "",
        detail: str = "",
    ) -> None:  # fmt: skip
        line = AuditLine(now, by, act, about[:MAX_DETAIL], site_id, detail[:MAX_DETAIL])
        self.store.write(line)

    def page(self, query: AuditQuery, before: int) -> AuditPage:
        found = self.store.lines(query, before, LINES_PER_PAGE + 1)
        shown = found[:LINES_PER_PAGE]
        return AuditPage(shown, shown[-1].number if len(found) > len(shown) else 0)

    def whole(self, query: AuditQuery) -> Iterator[AuditLine]:
        """All that is asked for, read while it is taken."""
        before = 0
        while found := self.store.lines(query, before, PORTION):
            yield from found
            before = found[-1].number
