"""Decided submissions that were imported, judged again: what a site's thresholds are told by."""

from alembic import op
from sqlalchemy import BigInteger, Column, Text

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_trials",
        Column("site_id", Text, primary_key=True),
        Column("payload", Text, nullable=False, server_default=""),
        Column("judged_at", BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("past_trials")
