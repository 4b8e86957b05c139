"""How long each site keeps what people wrote, and what of each submission is still there.

When decisions were made is filled in by the sweeper, by and by: this changes no row.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SETTLED = "status IN ('approved', 'spam', 'trash') AND listed = 0"
KEPT = {
    "has_addresses": f"has_addresses = 1 AND {SETTLED}",
    "has_words": "has_words = 1 AND status IN ('spam', 'trash')",
    "has_pages": f"has_pages = 1 AND kind NOT IN ('comment', 'reply') AND {SETTLED}",
}


def upgrade() -> None:
    op.add_column("sites", Column("retention", Text, nullable=False, server_default="{}"))
    op.add_column("submissions", Column("decided_at", BigInteger))
    for name, where in KEPT.items():
        op.add_column("submissions", Column(name, Integer, nullable=False, server_default="1"))
        op.create_index(
            f"ix_submissions_{name}",
            "submissions",
            [name, "site_id", "decided_at", "id"],
            sqlite_where=text(where),
            postgresql_where=text(where),
        )


def downgrade() -> None:
    for name in KEPT:
        op.drop_index(f"ix_submissions_{name}", "submissions")
        op.drop_column("submissions", name)
    op.drop_column("submissions", "decided_at")
    op.drop_column("sites", "retention")
