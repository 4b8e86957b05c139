"""The tables of what is so right now: who looks at what, and which processes run."""

from sqlalchemy import BigInteger, Column, Float, MetaData, Table, Text


def running_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """`claims`, `pulse`, `counters`."""
    # Who looks at which line of the queue, so that two moderators start in other places.
    claims = Table(
        "claims",
        metadata,
        Column("line", Text, primary_key=True),  # a campaign or a submission
        Column("moderator_id", Text, nullable=False, server_default=""),
        Column("moderator_name", Text, nullable=False, server_default=""),
        Column("until", BigInteger, nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    pulse = Table(
        "pulse",
        metadata,
        Column("name", Text, primary_key=True),
        Column("seen_at", BigInteger, nullable=False),
        # By how much this process' clock is ahead of the database's.
        Column("ahead_ms", BigInteger, nullable=False, server_default="0"),
    )
    # What all processes did together (domain/decisions/metrics.py), since the first of them.
    counters = Table(
        "counters",
        metadata,
        Column("name", Text, primary_key=True),
        Column("labels", Text, primary_key=True),  # a JSON array
        Column("bound", Text, primary_key=True),  # of a histogram; '' for a counter
        Column("number", Float, nullable=False),
        Column("changed_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    return claims, pulse, counters
