"""The header in which a site's signature stands."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", Column("signature_header", Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sites", "signature_header")
