"""Walks a list in its order, by one index range for each site and status."""

from dataclasses import dataclass
from itertools import product
from typing import Any  # what a statement selects is typed by nobody

from sqlalchemy import CTE, Select, func, literal, literal_column, select, tuple_, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from moderator.domain.errors import NotFoundError
from moderator.domain.pages.dashboard import STATUSES_OF_TAB, Tab
from moderator.domain.pages.find import Sort
from moderator.storage.dashboard.items import (
    IS_HELD,
    IS_LISTED,
    MAX_BRANCHES,
    place_after,
    place_of,
)
from moderator.storage.schema.tables import submissions

COLUMN = submissions.c
FINE = 10_000  # steps of a score of 1: scores are rounded to four digits
FEW_RANGES = 8
SHIFT = 10**9  # so that no place of a score is negative

Key = tuple[float, str]  # time or score, and id
Row = Select[*tuple[Any, ...]]
# What is told of each that is walked by, beside its place.
ROWS = (
    COLUMN.id, COLUMN.site_id, COLUMN.status, COLUMN.kind, COLUMN.score, COLUMN.received_at,
    COLUMN.reports, COLUMN.listed, COLUMN.content_version,
)  # fmt: skip


def key_of(before: str, sort: Sort) -> Key:
    """Read a place, as `place_text` wrote it. Raises NotFoundError."""
    place = place_of(before)
    if place is None:
        raise NotFoundError("There is no such page")
    at, id_ = place
    return ((at - SHIFT) / FINE if sort is Sort.HONEST else at), id_


def place_text(key: Key, sort: Sort) -> str:
    at, id_ = key
    return place_after(round(at * FINE) + SHIFT if sort is Sort.HONEST else int(at), id_)


@dataclass(frozen=True, slots=True)
class Walk:
    """`is_all` says that the sites are all there are. Times bound what is sorted by time."""

    tab: Tab
    sites: tuple[str, ...]
    sort: Sort
    is_all: bool = False
    since: int = 0
    until: int | None = None

    def size(self, most: int) -> int:
        """How many to take in one step: fewer where they are merged from many ranges."""
        return max(most // 10, most * FEW_RANGES // max(FEW_RANGES, len(self._branches())))

    def step(self, place: Key | None, limit: int) -> CTE:
        """The next ones behind a place (None: from the start), their `at` first.

        Chosen before anything else is asked of them: else it would be asked of more.
        """
        branches = [self._behind(branch, place).limit(limit) for branch in self._branches()]
        merged = union_all(*(select(one.subquery()) for one in branches)).subquery()
        some = self.ordered(select(merged), merged).limit(limit)
        return some.cte("chosen").prefix_with("MATERIALIZED")

    def ordered(self, rows: Row, of: FromClause) -> Row:
        at, id_ = of.c["at"], of.c["id"]
        return rows.order_by(at.desc(), id_.desc()) if self._is_down else rows.order_by(at, id_)

    @property
    def _is_down(self) -> bool:
        return self.sort is Sort.NEWEST

    def _branches(self) -> list[Row]:
        key = COLUMN.score if self.sort is Sort.HONEST else COLUMN.received_at
        rows = select(key.label("at"), *ROWS)
        statuses = STATUSES_OF_TAB[self.tab]
        if self.tab is Tab.HELD and self.sort is not Sort.HONEST and self.is_all:
            return [rows.where(IS_HELD)]
        if len(self.sites) * len(statuses) > MAX_BRANCHES:
            some = func.coalesce(COLUMN.site_id, "").in_(self.sites)
            return [rows.where(self._of(status), some) for status in statuses]
        return [
            rows.where(self._of(status), COLUMN.site_id == site)
            for status, site in product(statuses, self.sites)
        ]

    def _of(self, status: str) -> ColumnElement[bool]:
        if self.tab is Tab.HELD and self.sort is Sort.HONEST:
            return IS_HELD
        if self.tab is Tab.REPORTED:
            return IS_LISTED & (COLUMN.status == literal_column("'approved'"))
        return COLUMN.status == status

    def _behind(self, rows: Row, place: Key | None) -> Row:
        at, id_ = rows.selected_columns["at"], rows.selected_columns["id"]
        if self.sort is Sort.HONEST:  # a bound, so that no planner takes another index and sorts
            rows = rows.where(COLUMN.score >= -SHIFT)
        else:
            rows = rows.where(COLUMN.received_at >= self.since)
            rows = rows if self.until is None else rows.where(COLUMN.received_at <= self.until)
        if place is not None:
            bound, last = place
            if self.sort is Sort.HONEST:  # many have the same score
                rows = rows.where(tuple_(at, id_) > tuple_(literal(bound), literal(last)))
            elif self._is_down:
                rows = rows.where(at <= bound, (at < bound) | (id_ < last))
            else:
                rows = rows.where(at >= bound, (at > bound) | (id_ > last))
        return rows.order_by(at.desc(), id_.desc()) if self._is_down else rows.order_by(at, id_)
