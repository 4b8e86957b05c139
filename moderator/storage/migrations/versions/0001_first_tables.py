"""The tables of the first version.

Until the first release the schema is the one in storage/tables.py as it stands; every later change
is a migration of its own, spelled out.
"""

from alembic import op

from moderator.storage.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
