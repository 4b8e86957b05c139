"""Where a hand may have sent a thing twice; a person's word on an earlier text."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ("place_key", "address_key", "bound_by")
# What was edited after a person refused it, and held by a rule for that.
BIND = """
UPDATE submissions SET bound_by = 'refusal' WHERE decided_by = 'rule' AND EXISTS (
  SELECT 1 FROM decisions d WHERE d.submission_id = submissions.id
  AND d.sequence = submissions.sequence AND d.reasons LIKE '%"edited_after_refusal"%'
)
"""


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("submissions", Column(name, Text, nullable=False, server_default=""))
    known = text("place_key <> ''")
    op.create_index(
        "ix_submissions_place",
        "submissions",
        ["place_key", "site_id", "created_at", "id"],
        sqlite_where=known,
        postgresql_where=known,
    )
    op.execute(BIND)


def downgrade() -> None:
    op.drop_index("ix_submissions_place", "submissions")
    for name in reversed(COLUMNS):
        op.drop_column("submissions", name)
