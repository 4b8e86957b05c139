"""A log of what owners did; what was changed of rules stands in it from then on."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = ("by_id", "by_name", "act", "about", "site", "detail")
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("done_at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in words),
    )
    op.create_index("ix_audit_log_act", "audit_log", ["act", "id"])
    op.create_index("ix_audit_log_by", "audit_log", ["by_id", "id"])


def downgrade() -> None:
    op.drop_table("audit_log")
