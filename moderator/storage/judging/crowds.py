"""Which comments share an address in one moment, or a name on one day."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from moderator.domain.content.facts import Facts, Mask
from moderator.domain.history.crowd import (
    BURST_GAP,
    EARLIER_WINDOW,
    MAX_EARLIER_COMMENTS,
    MAX_NEIGHBOURS,
    MIN_OTHERS,
    WINDOW_OF,
    CrowdQuery,
    Neighbour,
    Neighbours,
    SharedTrait,
    neighbour,
)
from moderator.storage.base.bulk_sql import SelectIn, closest
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.base.times import to_ms
from moderator.storage.counts import PERSONS

COMMENTS = "s.kind IN ('comment', 'reply')"
REMEMBERED = 4_096  # comments: in a flood everybody asks for the same ones
TOLD = "s.id, s.status, s.decided_by, s.content_version"
COLUMNS = {SharedTrait.ADDRESS: "address_key", SharedTrait.NAME: "name_key"}


def _same(column: str) -> str:
    """Comments with the key, of the site."""
    return f"s.{column} = k.column2 AND s.{column} <> '' AND s.site_id = k.column3 AND {COMMENTS}"


# Whether there are enough others to look at: hardly ever. Each reads LEAST rows of an index.
CROWDED = {
    common: SelectIn(
        "SELECT k.column1 FROM (VALUES {rows}) AS k WHERE (SELECT s.created_at FROM submissions s"  # noqa: S608  # our own words
        f" WHERE {_same(column)} AND s.created_at BETWEEN k.column4 AND k.column6"
        f" ORDER BY s.created_at LIMIT 1 OFFSET {MIN_OTHERS[common]}) IS NOT NULL"  # and who asks
    )
    for common, column in COLUMNS.items()
}
BEFORE = {
    common: closest(
        TOLD,
        f"{_same(column)} AND s.created_at BETWEEN k.column4 AND k.column5 AND s.id <> k.column1",
        "s.created_at DESC, s.id DESC",
        MAX_NEIGHBOURS,
    )
    for common, column in COLUMNS.items()
}
AFTER = {
    common: closest(
        TOLD,
        f"{_same(column)} AND s.created_at > k.column5 AND s.created_at <= k.column6",
        "s.created_at, s.id",
        MAX_NEIGHBOURS,
    )
    for common, column in COLUMNS.items()
}
# Who wrote from an address long before: columns 7 and 8 are the time that is meant.
LONG_BEFORE = closest(
    TOLD,
    f"{_same(COLUMNS[SharedTrait.ADDRESS])} AND s.created_at BETWEEN k.column7 AND k.column8",
    "s.created_at DESC, s.id DESC",
    MAX_EARLIER_COMMENTS,
)
SAID = SelectIn("SELECT id, payload FROM submissions WHERE id IN {many}")
_Known = tuple[object, ...]  # id, status, decided by, version


class CrowdRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: dict[_Known, Neighbour] = {}

    def neighbours(self, asked: Iterable[CrowdQuery]) -> Neighbours:
        """Who else has what is asked about, closest in time; nobody where they are few."""
        by: dict[SharedTrait, dict[str, CrowdQuery]] = {}
        for one in asked:
            by.setdefault(one.common, {})[one.id] = one
        found: dict[CrowdQuery, list[_Known]] = {}
        with self._database.read() as connection:
            for common, many in by.items():
                spans = {id_: _span(one) for id_, one in many.items()}
                crowded = [
                    spans[row[0]] for row in CROWDED[common].run(connection, [*spans.values()])
                ]
                sides = (BEFORE[common], AFTER[common])
                for side in (*sides, LONG_BEFORE) if common is SharedTrait.ADDRESS else sides:
                    for row in side.run(connection, crowded):
                        found.setdefault(many[row[0]], []).append(tuple(row[1:]))
            told = self._neighbours(connection, {row for rows in found.values() for row in rows})
        return {one: tuple(told[row] for row in rows) for one, rows in found.items()}

    def _neighbours(self, connection: Connection, rows: set[_Known]) -> dict[_Known, Neighbour]:
        """What each says; those that were asked for before are remembered."""
        told = {row: self._told[row] for row in rows if row in self._told}
        # PostgreSQL shows each statement what is there by then: one may be seen as it was, and as
        # it is.
        new: dict[object, list[_Known]] = {}
        for row in rows - told.keys():
            new.setdefault(row[0], []).append(row)
        for id_, payload in SAID.run(connection, list(new)):
            told |= {row: _neighbour(row, payload, self._database.mask) for row in new[id_]}
        self._told = told if len(self._told) > REMEMBERED else self._told | told
        return told


def _span(asked: CrowdQuery) -> tuple[object, ...]:
    at = to_ms(asked.at)
    within, apart, lately = map(_milliseconds, (WINDOW_OF[asked.common], BURST_GAP, EARLIER_WINDOW))
    times = (at - within, at, at + within, at - lately, at - apart)
    return asked.id, asked.key, asked.site_id, *times


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)


def _neighbour(row: _Known, payload: str, mask: Mask) -> Neighbour:
    is_published = row[1] == "approved"
    return neighbour(
        Facts(load_submission(payload), mask=mask),
        is_published=is_published,
        is_welcome=is_published and row[2] in PERSONS,
    )
