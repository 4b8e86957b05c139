"""Rules that people made, what they changed of them, and what rules caught."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ACTING = text("state IN ('live', 'shadow')")
SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rules",
        Column("id", Text, primary_key=True),
        _text("site_id"),
        _text("state", "draft"),
        Column("version", Integer, nullable=False, server_default="1"),
        _text("payload"),
        _text("dry_run"),
        Column("made_at", BigInteger, nullable=False),
    )
    op.create_index("ix_rules_site", "rules", ["site_id", "made_at"])
    op.create_index("ix_rules_made_at", "rules", ["made_at", "id"])
    op.create_index(
        "ix_rules_state", "rules", ["state"], sqlite_where=ACTING, postgresql_where=ACTING
    )
    op.create_table(
        "rule_log",
        Column("id", SERIAL, primary_key=True),
        _text("rule_id"),
        _text("site_id"),
        Column("changed_at", BigInteger, nullable=False),
        _text("by_id"),
        _text("by_name"),
        _text("before"),
        _text("after"),
    )
    op.create_index("ix_rule_log_rule", "rule_log", ["rule_id", "id"])
    op.create_index("ix_rule_log_site", "rule_log", ["site_id", "id"])
    op.create_table(
        "rule_counts",
        Column("rule_id", Text, primary_key=True),
        Column("verdict", Text, primary_key=True),
        Column("number", BigInteger, nullable=False, server_default="0"),
        Column("last_at", BigInteger, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def downgrade() -> None:
    for table in ("rule_counts", "rule_log", "rules"):
        op.drop_table(table)
