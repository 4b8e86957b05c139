"""Writes down what owners and operators did, and tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
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
from moderator.domain.site import Site
from moderator.domain.verdict import Decider

PORTION = 500  # lines that an export reads at once
PARTS = ("policy", "retention")  # of a site: each is told by its own fields
UNSPOKEN = frozenset({"secrets", "client_keys", "akismet_key", "wordpress"})  # never their values


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


def site_changes(before: Site, after: Site) -> str:
    """What is another way afterwards, in a line; of what is secret only that it is."""
    told = list(_changes(before, after))
    for part in PARTS:
        told += _changes(getattr(before, part), getattr(after, part))
    return ", ".join(told)


def _changes(before: object, after: object) -> Iterator[str]:
    for name in (field.name for field in fields(after) if field.name not in PARTS):  # type: ignore[arg-type]  # both are dataclasses of one kind
        was, now = getattr(before, name), getattr(after, name)
        if was == now or name == "version":
            continue
        words = name.replace("_", " ")
        if name in UNSPOKEN:
            yield f"{words} changed" if now else f"{words} taken away"
        elif isinstance(now, tuple | frozenset):
            yield f"{words} {len(set(now) - set(was))} more, {len(set(was) - set(now))} fewer"
        else:
            yield f"{words} {'-' if now in (None, '') else now}"
