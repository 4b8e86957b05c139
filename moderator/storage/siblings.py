"""Which submissions are siblings of others: the same text, a near one, the same hand and place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from moderator.domain.check import Sibling
from moderator.domain.facts import Facts
from moderator.domain.fingerprint import page_key
from moderator.domain.places import MOST, Spot, beside
from moderator.storage.counts import PERSONS
from moderator.storage.database import Database, Statement
from moderator.storage.many import Among
from moderator.storage.payload import load_submission
from moderator.storage.times import from_ms, to_ms

SIBLINGS = 20  # of one text that are looked at: the earliest decide

# Whether there is a second one: counting them would read a hot text's every row. The order keeps
# to the index of texts, whatever share of the rows a database believes to have one text.
REPEATED = Among(
    "SELECT k.column1, k.column2 FROM (VALUES {rows}) AS k WHERE (SELECT s.id FROM submissions s"
    " WHERE s.site_id = k.column1 AND s.text_key = k.column2 ORDER BY s.created_at"
    " LIMIT 1 OFFSET 1) IS NOT NULL"
)
SIBLING = (
    "id, platform_id, created_at, status, decided_by, author_key, site_id, address_key,"
    " duplicate_of"
)
EARLIEST = Statement(
    f"SELECT {SIBLING} FROM submissions"  # noqa: S608  # our own words
    " WHERE site_id = :site_id AND text_key = :text_key ORDER BY created_at, id LIMIT :limit"
)
NEAR = Among(
    # Only the excerpts of near linkbacks are compared word by word.
    f"SELECT {SIBLING},"  # noqa: S608  # our own words
    " CASE WHEN kind IN ('comment', 'reply') THEN '' ELSE payload END"
    " FROM submissions WHERE id IN {many}"
)
# Whether anybody else stands at a place: hardly ever. It keeps to the index of places.
PEOPLED = Among(
    "SELECT k.column1 FROM (VALUES {rows}) AS k WHERE (SELECT s.id FROM submissions s"
    " WHERE s.place_key = k.column2 AND s.place_key <> '' AND s.site_id = k.column3"
    " AND s.created_at BETWEEN k.column4 AND k.column5 AND s.id <> k.column1"
    " ORDER BY s.created_at LIMIT 1) IS NOT NULL"
)
AT_PLACE = (
    f"SELECT {SIBLING}, payload FROM submissions WHERE place_key = :place_key"  # noqa: S608  # our own words
    " AND place_key <> '' AND site_id = :site_id AND id <> :id AND created_at"
)
BEFORE = Statement(
    f"{AT_PLACE} BETWEEN :since AND :at ORDER BY created_at DESC, id DESC LIMIT :most"
)
AFTER = Statement(f"{AT_PLACE} > :at AND created_at <= :until ORDER BY created_at, id LIMIT :most")
EVER = 1 << 60  # milliseconds

TextKey = tuple[str, str]  # site id, key


class SiblingRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def same_text(self, keys: Iterable[TextKey]) -> dict[TextKey, tuple[Sibling, ...]]:
        """The submissions with these texts, earliest first, for texts that occur twice or more."""
        wanted = [key for key in set(keys) if key[1]]
        if not wanted:
            return {}
        with self._database.read() as connection:
            repeated = {(row[0], row[1]) for row in REPEATED.run(connection, wanted)}
            return {key: _earliest(connection, *key) for key in repeated}

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]:
        wanted = list(set(ids))
        if not wanted:
            return {}
        with self._database.read() as connection:
            rows = NEAR.run(connection, wanted)
        return {row[0]: _near_sibling(row) for row in rows}

    def at_place(self, asked: Iterable[Spot]) -> dict[str, tuple[Sibling, ...]]:
        """Those at each place within its time, closest in time, by the id of who asks."""
        spots = {spot.id: _span(spot) for spot in asked}
        if not spots:
            return {}
        with self._database.read() as connection:
            peopled = PEOPLED.run(connection, [span.peopled for span in spots.values()])
            return {str(row[0]): _beside(connection, spots[str(row[0])]) for row in peopled}


def _earliest(connection: Connection, site_id: str, text_key: str) -> tuple[Sibling, ...]:
    rows = EARLIEST.run(
        connection, {"site_id": site_id, "text_key": text_key, "limit": SIBLINGS}
    ).all()
    return tuple(_sibling(row) for row in rows)


class _Span(NamedTuple):
    """A spot in the columns' own terms."""

    id: str
    place_key: str
    site_id: str
    since: int
    until: int
    at: int

    @property
    def peopled(self) -> tuple[str, str, str, int, int]:
        return self[:5]


def _span(spot: Spot) -> _Span:
    at = to_ms(spot.at)
    reach = EVER if spot.within is None else int(spot.within.total_seconds() * 1000)
    return _Span(spot.id, spot.place_key, spot.site_id, at - reach, at + reach, at)


def _beside(connection: Connection, span: _Span) -> tuple[Sibling, ...]:
    asked = span._asdict() | {"most": MOST}
    rows = [*BEFORE.run(connection, asked), *AFTER.run(connection, asked)]
    return tuple(beside(_sibling(row), Facts(load_submission(row[9]))) for row in rows if row[9])


def _near_sibling(row: Sequence[object]) -> Sibling:
    """With what a near excerpt must be compared by; an erased one has nothing left."""
    if not row[9]:
        return _sibling(row)
    submission = load_submission(str(row[9]))
    return replace(_sibling(row), text=submission.text, page=page_key(submission))


def _sibling(row: Sequence[object]) -> Sibling:
    return Sibling(
        id=str(row[0]),
        platform_id=str(row[1]),
        created_at=from_ms(int(str(row[2]))),
        status=str(row[3]),
        by_person=row[4] in PERSONS,
        author_key=str(row[5]),
        site_id=str(row[6]),
        address_key=str(row[7]),
        duplicate_of=str(row[8]),
    )
