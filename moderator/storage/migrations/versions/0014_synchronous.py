"""Keys and counts of the Akismet door; callbacks that go where a submission asked for them."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = ("api_calls", "spam", "ham", "missed_spam", "false_positives")
IS_GUID = text("key >= 'akismet:' AND key < 'akismet;'")


def upgrade() -> None:
    op.create_table(
        "akismet_keys",
        Column("value", Text, primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), nullable=False, index=True),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger),
        Column("suspended", Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "akismet_counts",
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        Column("month", Integer, primary_key=True),
        Column("blog", Text, primary_key=True),
        *(Column(name, BigInteger, nullable=False, server_default="0") for name in COUNTED),
    )
    op.add_column("deliveries", Column("url", Text, nullable=False, server_default=""))
    op.create_index(
        "ix_intake_keys_guid",
        "intake_keys",
        ["submission_id"],
        sqlite_where=IS_GUID,
        postgresql_where=IS_GUID,
    )


def downgrade() -> None:
    op.drop_index("ix_intake_keys_guid", "intake_keys")
    op.drop_column("deliveries", "url")
    op.drop_table("akismet_counts")
    op.drop_table("akismet_keys")
