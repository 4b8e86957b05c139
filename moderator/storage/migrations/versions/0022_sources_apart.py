"""What strangers name is opened at other internal addresses than callbacks.

What was allowed for both until now stays allowed for callbacks only.
"""

from alembic import op
from sqlalchemy import Column, Text

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", Column("source_addresses", Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("sites", "source_addresses")
