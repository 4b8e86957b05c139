"""What people ruled about hosts, for the check host_reputation."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_rulings",
        Column("site_id", Text, primary_key=True),
        Column("host", Text, primary_key=True),
        Column("submission_id", Text, primary_key=True),
        Column("is_spam", Integer, nullable=False),
        Column("decided_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_host_rulings_submission_id", "host_rulings", ["submission_id"])


def downgrade() -> None:
    op.drop_table("host_rulings")
