"""The tables of links: what is remembered of each, and how often their hosts were asked."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text


def link_tables(metadata: MetaData) -> tuple[Table, Table]:
    """What became of links, by address, and how often sources were fetched.

    A count in `fetch_accounts` is that of the minute that ends at `until`, by all processes.
    """
    link_memory = Table(
        "link_memory",
        metadata,
        Column("url", Text, primary_key=True),
        Column("fate", Text, nullable=False, server_default=""),
        Column("detail", Text, nullable=False, server_default=""),
        Column("status", Integer, nullable=False, server_default="0"),
        Column("final_url", Text, nullable=False, server_default=""),
        Column("hops", Text, nullable=False, server_default="[]"),
        Column("checked_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False, index=True),
    )
    fetch_accounts = Table(
        "fetch_accounts",
        metadata,
        Column("name", Text, primary_key=True),
        Column("count", Integer, nullable=False, server_default="0"),
        Column("until", BigInteger, nullable=False, index=True),
    )
    return link_memory, fetch_accounts
