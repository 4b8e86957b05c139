"""The tables of campaigns. Counts are kept, never counted: a campaign may have any size."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text


def campaign_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Campaigns, each site's share of them, and who joined which."""
    campaigns = Table(
        "campaigns",
        metadata,
        Column("id", Text, primary_key=True),
        *_counts(),
        sqlite_with_rowid=False,
    )
    shares = Table(
        "campaign_sites",
        metadata,
        Column("campaign_id", Text, primary_key=True),
        Column("site_id", Text, primary_key=True),
        _text("first_id"),  # the site's first member ...
        _text("shape"),  # ... and what it looked like; '' once it was erased
        *_counts(),
        _text(
            "hosts", "{}"
        ),  # JSON: members that name each host, at most history/campaign.py HOSTS
        sqlite_with_rowid=False,
    )
    members = Table(
        "campaign_members",
        metadata,
        Column("submission_id", Text, primary_key=True),
        _text("campaign_id"),
        _text("site_id"),
        Column("joined_at", BigInteger, nullable=False),
        _text("how"),  # domain/history/campaign.py How
        _text("relative_id"),
        Column("similarity", Float, nullable=False),
        _text("hosts", "[]"),  # JSON: what to take back when it is erased
        Index("ix_campaign_members_place", "campaign_id", "site_id", "joined_at", "submission_id"),
        sqlite_with_rowid=False,
    )
    return campaigns, shares, members


def gathering_tables(metadata: MetaData) -> tuple[Table, Table]:
    """By which phrases alike ones are found, and what people decided in advance about campaigns."""
    phrases = Table(
        "phrases",
        metadata,
        Column(
            "key", BigInteger, primary_key=True, autoincrement=False
        ),  # domain/text/rewording.py
        Column("submission_id", Text, primary_key=True),
        Index("ix_phrases_submission", "submission_id"),
        sqlite_with_rowid=False,
    )
    advance_rulings = Table(
        "advance_rulings",
        metadata,
        Column("id", Text, primary_key=True),
        _text("campaign_id"),
        _text("site_id"),
        _text("verdict"),
        _text("moderator_id"),
        _text("moderator_name"),
        _text("act"),  # with which decisions it was made
        Column("made_at", BigInteger, nullable=False),
        Column("ends_at", BigInteger, nullable=False),
        Column("revoked_at", BigInteger),
        _text("revoked_by"),  # a moderator's name
        Index("ix_advance_rulings_campaign", "campaign_id", "site_id", "ends_at"),
        Index("ix_advance_rulings_act", "act"),
    )
    return phrases, advance_rulings


def _counts() -> tuple[Column[int], ...]:
    return (
        Column("members", Integer, nullable=False),
        Column("first_seen", BigInteger, nullable=False),
        Column("last_seen", BigInteger, nullable=False),
    )


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)
