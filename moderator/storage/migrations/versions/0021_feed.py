"""Sites whose approved linkbacks anybody may read."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0021"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", Column("has_feed", Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("sites", "has_feed")
