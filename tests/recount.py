"""Counts anew, row by row, what the service keeps counts of."""

from collections import defaultdict
from collections.abc import Iterable

from moderator.storage.base.database import Database

MONTH = 30 * 86_400_000
Key = tuple[object, ...]
Counted = dict[Key, tuple[int, int]]  # number, and how late in the month in all


def kept(database: Database) -> tuple[Counted, Counted]:
    """What author_counts and host_counts say."""
    with database.read() as connection:
        authors = connection.exec_driver_sql("SELECT * FROM author_counts").all()
        hosts = connection.exec_driver_sql("SELECT * FROM host_counts").all()
    return (
        {tuple(row[:5]): (row[5], row[6]) for row in authors},
        {tuple(row[:4]): (row[4], row[5]) for row in hosts},
    )


def counted(database: Database) -> tuple[Counted, Counted]:
    """The same, from what is counted."""
    with database.read() as connection:
        authors = connection.exec_driver_sql(
            "SELECT site_id, author_key, status, decided_by, created_at FROM submissions"
            " WHERE author_key <> '' AND status IN ('approved', 'spam')"
        ).all()
        hosts = connection.exec_driver_sql(
            "SELECT site_id, host, is_spam, decided_at FROM host_rulings"
        ).all()
    return (
        _sums(_author(*row) for row in authors),
        _sums(((site, host, at // MONTH, spam), at % MONTH) for site, host, spam, at in hosts),
    )


def _author(site: str, key: str, status: str, decider: str, at: int) -> tuple[Key, int]:
    is_person = decider in ("moderator", "blog")
    month, late = divmod(at, MONTH) if is_person else (0, 0)
    return (site, key, month, status, int(is_person)), late


def _sums(each: Iterable[tuple[Key, int]]) -> Counted:
    found: Counted = defaultdict(lambda: (0, 0))
    for key, late in each:
        number, before = found[key]
        found[key] = (number + 1, before + late)
    return dict(found)
