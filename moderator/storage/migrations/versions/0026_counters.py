"""What all processes count together, and how far their clocks are ahead of the database's."""

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        Column("name", Text, primary_key=True),
        Column("labels", Text, primary_key=True),
        Column("bound", Text, primary_key=True),
        Column("number", Float, nullable=False),
        Column("changed_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column("pulse", Column("ahead_ms", BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("pulse", "ahead_ms")
    op.drop_table("counters")
