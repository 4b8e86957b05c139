"""Which submissions are siblings of others: the same text, a near one, the same hand and place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from moderator.domain.check import Sibling
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import page_key
from moderator.domain.copies.places import MAX_AT_PLACE, CopyPlace, with_words
from moderator.storage.base.bulk_sql import SelectIn, closest
from moderator.storage.base.database import Database
from moderator.storage.base.payload import load_submission
from moderator.storage.base.times import from_ms, to_ms
from moderator.storage.counts import PERSONS

SIBLINGS = 20  # of one text that are looked at: the earliest decide

SIBLING = (
    "s.id, s.platform_id, s.created_at, s.status, s.decided_by, s.author_key, s.site_id,"
    " s.address_key, s.duplicate_of"
)
# Whether there is a second one: counting them would read a hot text's every row. The order keeps
# to the index of texts, whatever share of the rows a database believes to have one text.
WITH_TEXT = (
    "SELECT k.column1, k.column2 FROM (VALUES {rows}) AS k WHERE (SELECT s.id FROM submissions s"
    " WHERE s.site_id = k.column2 AND s.text_key = k.column1 ORDER BY s.created_at"
)
REPEATED = SelectIn(f"{WITH_TEXT} LIMIT 1 OFFSET 1) IS NOT NULL")
SEEN = SelectIn(f"{WITH_TEXT} LIMIT 1) IS NOT NULL")
EARLIEST = closest(
    SIBLING,
    "s.site_id = k.column2 AND s.text_key = k.column1",
    "s.created_at, s.id",
    SIBLINGS,
)
NEAR = SelectIn(
    # Only the excerpts of near linkbacks are compared word by word.
    f"SELECT {SIBLING},"  # noqa: S608  # our own words
    " CASE WHEN s.kind IN ('comment', 'reply') THEN '' ELSE s.payload END"
    " FROM submissions s WHERE s.id IN {many}"
)
PLACE = "s.place_key = k.column2 AND s.place_key <> '' AND s.site_id = k.column3"
# Whether anybody else stands at a place: hardly ever. It keeps to the index of places.
PEOPLED = SelectIn(
    "SELECT k.column1 FROM (VALUES {rows}) AS k WHERE (SELECT s.id FROM submissions s"  # noqa: S608  # our own words
    f" WHERE {PLACE} AND s.created_at BETWEEN k.column4 AND k.column6 AND s.id <> k.column1"
    " ORDER BY s.created_at LIMIT 1) IS NOT NULL"
)
BEFORE = closest(
    f"{SIBLING}, s.payload",
    f"{PLACE} AND s.created_at BETWEEN k.column4 AND k.column5 AND s.id <> k.column1",
    "s.created_at DESC, s.id DESC",
    MAX_AT_PLACE,
)
AFTER = closest(
    f"{SIBLING}, s.payload",
    f"{PLACE} AND s.created_at > k.column5 AND s.created_at <= k.column6",
    "s.created_at, s.id",
    MAX_AT_PLACE,
)
EVER = 1 << 60  # milliseconds

TextKey = tuple[str, str]  # site id, key


class SiblingRows:
    """`is_trial` is for who asks without being stored: the first other one is a sibling."""

    def __init__(self, database: Database, *, is_trial: bool = False) -> None:
        self._database = database
        self._others = SEEN if is_trial else REPEATED

    def same_text(self, keys: Iterable[TextKey]) -> dict[TextKey, tuple[Sibling, ...]]:
        """The submissions with these texts, earliest first, for texts that occur twice or more."""
        wanted = [(key, site_id) for site_id, key in set(keys) if key]
        if not wanted:
            return {}
        with self._database.read() as connection:
            repeated = [tuple(row) for row in self._others.run(connection, wanted)]
            rows = EARLIEST.run(connection, repeated)
        found: dict[TextKey, list[Sibling]] = {(site_id, key): [] for key, site_id in repeated}
        for key, *row in rows:
            sibling = _sibling(row)
            found[sibling.site_id, key].append(sibling)
        return {key: tuple(sorted(several, key=_when)) for key, several in found.items()}

    def by_id(self, ids: Iterable[str]) -> dict[str, Sibling]:
        wanted = list(set(ids))
        if not wanted:
            return {}
        with self._database.read() as connection:
            rows = NEAR.run(connection, wanted)
        return {row[0]: _near_sibling(row) for row in rows}

    def at_place(self, asked: Iterable[CopyPlace]) -> dict[str, tuple[Sibling, ...]]:
        """Those at each place within its time, closest in time, by the id of who asks."""
        spans = {spot.id: _span(spot) for spot in asked}
        if not spans:
            return {}
        found: dict[str, list[Sibling]] = {}
        with self._database.read() as connection:
            peopled = [spans[row[0]] for row in PEOPLED.run(connection, [*spans.values()])]
            for side in (BEFORE, AFTER):
                for id_, *row in side.run(connection, peopled):
                    if row[9]:
                        one = with_words(_sibling(row), Facts(load_submission(row[9])))
                        found.setdefault(id_, []).append(one)
        return {id_: tuple(several) for id_, several in found.items()}


def _when(sibling: Sibling) -> tuple[datetime, str]:
    return sibling.created_at, sibling.id


def _span(spot: CopyPlace) -> tuple[str, str, str, int, int, int]:
    at = to_ms(spot.at)
    reach = EVER if spot.within is None else int(spot.within.total_seconds() * 1000)
    return spot.id, spot.place_key, spot.site_id, at - reach, at, at + reach


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
