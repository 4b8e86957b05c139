"""How far each file of a site's history was read."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        Column("digest", Text, primary_key=True),
        Column("format", Text, nullable=False, server_default=""),
        Column("position", BigInteger, nullable=False, server_default="0"),
        Column("counts", Text, nullable=False, server_default="{}"),
        Column("started_at", BigInteger, nullable=False),
        Column("finished_at", BigInteger),
    )


def downgrade() -> None:
    op.drop_table("imports")
