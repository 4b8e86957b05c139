"""Campaigns of alike comments, and the index that finds a text on any site."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, Text, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HAS_TEXT = text("text_key <> ''")


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _counts() -> tuple[Column[int], ...]:
    return (
        Column("members", Integer, nullable=False),
        Column("first_seen", BigInteger, nullable=False),
        Column("last_seen", BigInteger, nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "campaigns",
        Column("id", Text, primary_key=True),
        *_counts(),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_sites",
        Column("campaign_id", Text, primary_key=True),
        Column("site_id", Text, primary_key=True),
        _text("first_id"),
        _text("shape"),
        *_counts(),
        _text("hosts", "{}"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_members",
        Column("submission_id", Text, primary_key=True),
        _text("campaign_id"),
        _text("site_id"),
        Column("joined_at", BigInteger, nullable=False),
        _text("how"),
        _text("relative_id"),
        Column("similarity", Float, nullable=False),
        _text("hosts", "[]"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_campaign_members_place", "campaign_members", ["campaign_id", "site_id", "submission_id"]
    )
    op.create_index(
        "ix_submissions_first",
        "submissions",
        ["text_key", "received_at", "id"],
        sqlite_where=HAS_TEXT,
        postgresql_where=HAS_TEXT,
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_first", "submissions")
    op.drop_table("campaign_members")
    op.drop_table("campaign_sites")
    op.drop_table("campaigns")
