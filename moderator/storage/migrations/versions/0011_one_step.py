"""Lessons move one step, and what is let through least surely is found by an index."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ON = text("let_through_on > 0")


def upgrade() -> None:
    op.add_column("site_layers", Column("basis", Text, nullable=False, server_default=""))
    op.add_column("lessons", Column("alone", Integer, nullable=False, server_default="0"))
    for name, kind in (("let_through_on", Integer), ("doubt", BigInteger)):
        op.add_column("submissions", Column(name, kind, nullable=False, server_default="0"))
    op.create_index(
        "ix_submissions_let_through",
        "submissions",
        ["let_through_on", "site_id", "doubt"],
        sqlite_where=ON,
        postgresql_where=ON,
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_let_through", "submissions")
    op.drop_column("submissions", "doubt")
    op.drop_column("submissions", "let_through_on")
    op.drop_column("lessons", "alone")
    op.drop_column("site_layers", "basis")
