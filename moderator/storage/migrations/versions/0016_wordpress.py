"""Blogs that are polled over their own REST API."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wordpress_blogs",
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        *(
            Column(name, Text, nullable=False, server_default="")
            for name in ("url", "username", "password")
        ),
        Column("held_offset", Integer, nullable=False, server_default="0"),
        Column("recent_id", Text, nullable=False, server_default=""),
        Column("held_at", BigInteger, nullable=False, server_default="0"),
        Column("held_id", Text, nullable=False, server_default=""),
        Column("polled_at", BigInteger, nullable=False, server_default="0"),
        Column("error", Text, nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.execute("DELETE FROM queue WHERE job = 'poll'")
    op.drop_table("wordpress_blogs")
