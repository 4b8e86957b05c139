"""A site declares its languages: a list where one was."""

import json

from alembic import op
from sqlalchemy import Column, MetaData, Table, Text, select, update

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


def downgrade() -> None:
    op.add_column("sites", Column("lang", Text, nullable=False, server_default=""))
    connection = op.get_bind()
    for id_, langs in connection.execute(select(SITES.c.id, SITES.c.langs)).all():
        _set(id_, lang=next(iter(json.loads(langs)), ""))
    op.drop_column("sites", "langs")


def _set(id_: str, **values: str) -> None:
    op.get_bind().execute(update(SITES).where(SITES.c.id == id_).values(values))
