"""In which language somebody is written to."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("moderators", sa.Column("mail_lang", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("moderators", "mail_lang")
