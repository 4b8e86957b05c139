"""Who wrote from one address, or under one name, is found by an index."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BY = {"ix_submissions_address": "address_key", "ix_submissions_name": "name_key"}


def upgrade() -> None:
    op.add_column("submissions", Column("name_key", Text, nullable=False, server_default=""))
    for name, column in BY.items():
        is_comment = text(f"{column} <> '' AND kind IN ('comment', 'reply')")
        op.create_index(
            name,
            "submissions",
            [column, "site_id", "created_at", "id"],
            sqlite_where=is_comment,
            postgresql_where=is_comment,
        )


def downgrade() -> None:
    for name in BY:
        op.drop_index(name, "submissions")
    op.drop_column("submissions", "name_key")
