"""The tables of kept counts: what would else be counted anew for every submission."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text


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
        Index("ix_host_counts_most", "site_id", "month", "is_spam", "number"),
        sqlite_with_rowid=False,
    )
    return author_counts, host_counts


def statistics_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """What was decided, counted by and by, and how far that has come."""
    # By UTC days since 1970. `machine_said` is the status that the service had given just before a
    # person's word; '' where it had said nothing.
    decision_counts = Table(
        "decision_counts",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("day", Integer, primary_key=True),
        Column("verdict", Text, primary_key=True),
        Column("decided_by", Text, primary_key=True),  # DeciderKind
        Column("machine_said", Text, primary_key=True),
        Column("is_first", Integer, primary_key=True),  # 1: the first word on what came in
        Column("number", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    # What came in, by campaigns and weeks of seven days since 1970.
    campaign_counts = Table(
        "campaign_counts",
        metadata,
        Column("site_id", Text, primary_key=True),
        Column("week", Integer, primary_key=True),
        Column("campaign_id", Text, primary_key=True),
        Column("number", BigInteger, nullable=False),
        Index("ix_campaign_counts_most", "site_id", "week", "number"),
        sqlite_with_rowid=False,
    )
    counted = Table(
        "counted",
        metadata,
        Column("name", Text, primary_key=True),
        Column("until", BigInteger, nullable=False),  # everything before is counted
        sqlite_with_rowid=False,
    )
    return decision_counts, campaign_counts, counted


def _counted() -> tuple[Column[int], ...]:
    return (
        Column("number", BigInteger, nullable=False),
        Column("late", BigInteger, nullable=False),
    )
