"""A site declares its languages, and what an author published is found by an index."""

import json

from alembic import op
from sqlalchemy import Column, MetaData, Table, Text, select, text, update

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

SITES = Table("sites", MetaData(), Column("id", Text), Column("lang", Text), Column("langs", Text))


def upgrade() -> None:
    op.add_column("sites", Column("langs", Text, nullable=False, server_default="[]"))
    connection = op.get_bind()
    for id_, lang in connection.execute(select(SITES.c.id, SITES.c.lang)).all():
        _set(id_, langs=json.dumps([lang] if lang else []))
    op.drop_column("sites", "lang")
    published = text("status = 'approved' AND reports = 0")
    op.create_index(
        "ix_submissions_published",
        "submissions",
        ["site_id", "author_key", "received_at"],
        sqlite_where=published,
        postgresql_where=published,
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_published", "submissions")
    op.add_column("sites", Column("lang", Text, nullable=False, server_default=""))
    connection = op.get_bind()
    for id_, langs in connection.execute(select(SITES.c.id, SITES.c.langs)).all():
        _set(id_, lang=next(iter(json.loads(langs)), ""))
    op.drop_column("sites", "langs")


def _set(id_: str, **values: str) -> None:
    op.get_bind().execute(update(SITES).where(SITES.c.id == id_).values(values))
