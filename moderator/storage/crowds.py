"""Which comments share an address in one moment, or a name on one day."""

from collections.abc import Iterable, Sequence
from typing import Any  # what a driver returns is typed by nobody

from sqlalchemy import Connection

from moderator.domain.crowd import (
    CLOSEST,
    LEAST,
    WITHIN,
    Asked,
    Common,
    Neighbour,
    Neighbours,
    neighbour,
)
from moderator.domain.facts import Facts
from moderator.storage.counts import PERSONS
from moderator.storage.database import Database, Statement
from moderator.storage.many import Among
from moderator.storage.payload import load_submission
from moderator.storage.times import to_ms

COMMENTS = "kind IN ('comment', 'reply')"
REMEMBERED = 4_096  # comments: in a flood everybody asks for the same ones
TOLD = "id, payload, status, decided_by, content_version"
COLUMNS = {Common.ADDRESS: "address_key", Common.NAME: "name_key"}
# Whether there are enough others to look at: hardly ever. Each reads LEAST rows of an index.
CROWDED = {
    common: Among(
        "SELECT k.column1 FROM (VALUES {rows}) AS k WHERE (SELECT s.created_at FROM submissions s"  # noqa: S608  # our own words
        f" WHERE s.{column} = k.column2 AND s.{column} <> '' AND s.site_id = k.column3"
        f" AND s.{COMMENTS} AND s.created_at BETWEEN k.column4 AND k.column5"
        f" ORDER BY s.created_at LIMIT 1 OFFSET {LEAST[common]}) IS NOT NULL"  # and who asks
    )
    for common, column in COLUMNS.items()
}


def _side(common: Common, bounds: str, order: str) -> Statement:
    column = COLUMNS[common]
    return Statement(
        f"SELECT {TOLD} FROM submissions WHERE {column} = :key"  # noqa: S608  # our own words
        f" AND {column} <> '' AND site_id = :site_id AND {COMMENTS} AND id <> :id"
        f" AND created_at {bounds} ORDER BY created_at {order}, id {order} LIMIT :most"
    )


BEFORE = {common: _side(common, "BETWEEN :since AND :at", "DESC") for common in Common}
AFTER = {common: _side(common, "> :at AND created_at <= :until", "ASC") for common in Common}


class CrowdRows:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: dict[tuple[object, ...], Neighbour] = {}  # by id, status, text

    def neighbours(self, asked: Iterable[Asked]) -> Neighbours:
        """Who else has what is asked about, closest in time; nobody where they are few."""
        by: dict[Common, dict[str, Asked]] = {}
        for one in asked:
            by.setdefault(one.common, {})[one.id] = one
        found = {}
        if len(self._told) > REMEMBERED:
            self._told = {}
        with self._database.read() as connection:
            for common, many in by.items():
                rows = CROWDED[common].run(connection, [_span(one) for one in many.values()])
                for one in (many[row[0]] for row in rows):
                    found[one] = _around(connection, one, self._told)
        return found


def _span(asked: Asked) -> tuple[str, str, str, int, int]:
    within, at = _ms(asked), to_ms(asked.at)
    return asked.id, asked.key, asked.site_id, at - within, at + within


def _ms(asked: Asked) -> int:
    return int(WITHIN[asked.common].total_seconds() * 1000)


def _around(
    connection: Connection, asked: Asked, told: dict[tuple[object, ...], Neighbour]
) -> tuple[Neighbour, ...]:
    id_, key, site_id, since, until = _span(asked)
    given = {"id": id_, "key": key, "site_id": site_id, "since": since, "until": until}
    given |= {"at": to_ms(asked.at), "most": CLOSEST}
    sides = (BEFORE[asked.common], AFTER[asked.common])
    rows = [row for side in sides for row in side.run(connection, given)]
    return tuple(
        told.get(_known(row)) or told.setdefault(_known(row), _neighbour(row)) for row in rows
    )


def _known(row: Sequence[Any]) -> tuple[object, ...]:
    return row[0], row[2], row[3], row[4]


def _neighbour(row: Sequence[Any]) -> Neighbour:
    is_welcome = row[2] == "approved" and row[3] in PERSONS
    return neighbour(Facts(load_submission(str(row[1]))), is_welcome=is_welcome)
