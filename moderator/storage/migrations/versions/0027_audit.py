"""A log of what owners did; and in which language somebody is written to."""

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
    op.add_column("moderators", sa.Column("mail_lang", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("moderators", "mail_lang")
    op.drop_table("audit_log")
