"""The tables of the Akismet endpoints: their keys, and what they were asked."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text

COUNTED = ("api_calls", "spam", "ham", "missed_spam", "false_positives")


def akismet_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Keys as they are, for a blog is called back with its own; counts by month."""
    keys = Table(
        "akismet_keys",
        metadata,
        Column("value", Text, primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger),  # set when a newer key replaced it
        Column("suspended", Integer, nullable=False, server_default="0"),
    )
    counts = Table(
        "akismet_counts",
        metadata,
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        Column("month", Integer, primary_key=True),  # 202603
        Column("blog", Text, primary_key=True),  # the host that was named
        *(Column(name, BigInteger, nullable=False, server_default="0") for name in COUNTED),
    )
    return keys, counts
