"""The tables of kept counts: what would else be counted anew for every submission."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text


def count_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Counts of what was decided about authors, and of what people ruled about hosts.

    A month is thirty days, counted from 1970. `late` sums how many milliseconds into the month each
    one came that was counted, so that their mean time is known.
    """
    # Of each site's authors: what stands approved or as spam, by submissions' own times. What the
    # service decided does not fade, so it is all counted in the month 0.
    author_counts = Table(
        "author_counts",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("author_key", Text, primary_key=True),
        Column("month", Integer, primary_key=True),
        Column("status", Text, primary_key=True),  # approved, spam
        Column("by_person", Integer, primary_key=True),  # 0 or 1
        *_counted(),
        sqlite_with_rowid=False,
    )
    # Of the hosts that people ruled about at each site, by the times of the rulings.
    host_counts = Table(
        "host_counts",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("host", Text, primary_key=True),
        Column("month", Integer, primary_key=True),
        Column("is_spam", Integer, primary_key=True),  # 0 or 1
        *_counted(),
        sqlite_with_rowid=False,
    )
    return author_counts, host_counts


def _counted() -> tuple[Column[int], ...]:
    return (
        Column("number", BigInteger, nullable=False),
        Column("late", BigInteger, nullable=False),
    )
