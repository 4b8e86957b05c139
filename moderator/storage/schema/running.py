"""The tables of what is so right now: who looks at what, and which processes run."""

from sqlalchemy import BigInteger, Column, MetaData, Table, Text


def running_tables(metadata: MetaData) -> tuple[Table, Table]:
    """`claims`, `pulse`."""
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
    )
    return claims, pulse
