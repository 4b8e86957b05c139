"""Keeps counts true while rows change: whoever changes what is counted does it inside `keeping`.

What the rows said is taken off before, and what they say is put on after, by the database itself.
The caller holds the rows. Counts are taken in the order of their keys, so that writers who count
the same wait for each other. What is counted down to nothing is deleted: an erased author leaves no
trace.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.verdict import DeciderKind
from moderator.storage.base.bulk_sql import SelectIn
from moderator.storage.base.database import Statement
from moderator.storage.base.times import MONTH, from_ms

PERSONS = tuple(kind.value for kind in DeciderKind if kind.is_person)


@dataclass(frozen=True, slots=True)
class Source:
    """What a table of counts counts: `values` of `rows` are the `key`, whom it is about second.

    `time` is when that was, in milliseconds; 0 where it does not matter.
    """

    table: str
    key: tuple[str, ...]
    values: str
    time: str
    rows: str

    def count(self, condition: str, sign: str = "") -> str:
        """The statement that counts the rows of a condition, or (by a sign of -) uncounts them."""
        key = ", ".join(self.key)
        places = ", ".join(str(place) for place in range(1, len(self.key) + 1))
        late = f"{self.time} - {self.time} / {MONTH} * {MONTH}"
        return (
            f"INSERT INTO {self.table} ({key}, number, late) SELECT {self.values},"  # noqa: S608  # our own words
            f" {sign}count(*), {sign}CAST(sum({late}) AS bigint)"
            f" FROM {self.rows} AND {condition} GROUP BY {places} ORDER BY {places}"
            f" ON CONFLICT ({key}) DO UPDATE SET number = {self.table}.number + excluded.number,"
            f" late = {self.table}.late + excluded.late"
        )


def mean_time(month: int, number: int, late: int) -> datetime:
    """When those were, on average, that are counted in a row."""
    return from_ms(month * MONTH + late // number)


IS_PERSON = f"CASE WHEN decided_by IN ({', '.join(map(repr, PERSONS))}) THEN {{}} ELSE 0 END"
AUTHOR_SOURCE = Source(
    table="author_counts",
    key=("site_id", "author_key", "month", "status", "by_person"),
    values=(
        f"site_id, author_key, {IS_PERSON.format(f'created_at / {MONTH}')}, status,"
        f" {IS_PERSON.format(1)}"
    ),
    time=IS_PERSON.format("created_at"),
    rows="submissions WHERE author_key <> '' AND status IN ('approved', 'spam')",
)
HOST_SOURCE = Source(
    table="host_counts",
    key=("site_id", "host", "month", "is_spam"),
    values=f"site_id, host, decided_at / {MONTH}, is_spam",
    time="decided_at",
    rows="host_rulings WHERE host <> ''",
)


class Counts:
    """The counts of one source; `by` is its column that names submissions."""

    def __init__(self, source: Source, by: str) -> None:
        whom = source.key[1]
        told = f"RETURNING site_id, {whom}, number"
        self._up = SelectIn(f"{source.count(f'{by} IN {{many}}')} {told}")
        self._down = SelectIn(f"{source.count(f'{by} IN {{many}}', '-')} {told}")
        self._clear = Statement(
            f"DELETE FROM {source.table} WHERE site_id = :site_id AND {whom} = :whom"  # noqa: S608  # our own words
            " AND number = 0"
        )

    @contextmanager
    def keeping(
        self, connection: Connection, ids: Iterable[str], *, counted: Iterable[str] | None = None
    ) -> Iterator[None]:
        """Change what is said of these submissions inside.

        `counted` are those of which something may be counted already, if not all may.
        """
        changed = sorted(set(ids))
        known = changed if counted is None else sorted(set(counted))
        before = self._down.run(connection, known)
        yield
        self._up.run(connection, changed)
        gone = {(row[0], row[1]) for row in before if row[2] == 0}
        for site_id, whom in sorted(gone):
            self._clear.run(connection, {"site_id": site_id, "whom": whom})


AUTHORS = Counts(AUTHOR_SOURCE, "id")
HOSTS = Counts(HOST_SOURCE, "submission_id")
