"""What people decided is found by an index, whatever else a site has: rules are learned from it."""

from alembic import op
from sqlalchemy import text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BY_PEOPLE = text("decided_by IN ('moderator', 'blog')")


def upgrade() -> None:
    op.create_index(
        "ix_submissions_people",
        "submissions",
        ["site_id", "id"],
        sqlite_where=BY_PEOPLE,
        postgresql_where=BY_PEOPLE,
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_people", "submissions")
