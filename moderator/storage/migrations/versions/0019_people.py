"""Owners and viewers, notes, where sessions were opened from, digests, and counts of decisions."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BY_MODERATOR = text("decided_by = 'moderator'")


def upgrade() -> None:
    op.execute("UPDATE moderators SET role = 'owner' WHERE role = 'admin'")
    op.add_column("moderators", _text("mail"))
    op.add_column("sessions", _text("address"))
    op.add_column("sessions", _text("agent"))
    _notes_and_digests()
    _counts()
    op.create_index(
        "ix_decisions_moderator",
        "decisions",
        ["decided_by", "site_id", "decided_at", "id"],
        sqlite_where=BY_MODERATOR,
        postgresql_where=BY_MODERATOR,
    )
    op.create_index("ix_host_counts_most", "host_counts", ["site_id", "month", "is_spam", "number"])


def _notes_and_digests() -> None:
    op.create_table(
        "notes",
        Column("id", Text, primary_key=True),
        _text("site_id"),
        Column("submission_id", Text, ForeignKey("submissions.id"), nullable=False),
        _text("moderator_id"),
        _text("moderator_name"),
        _text("words"),
        Column("written_at", BigInteger, nullable=False),
    )
    op.create_index("ix_notes_submission", "notes", ["submission_id", "written_at"])
    op.create_index("ix_notes_site", "notes", ["site_id", "written_at", "id"])
    op.create_table(
        "digests",
        Column("moderator_id", Text, ForeignKey("moderators.id"), primary_key=True),
        Column("site_id", Text, ForeignKey("sites.id"), primary_key=True),
        _text("told"),
        sqlite_with_rowid=False,
    )


def _counts() -> None:
    op.create_table(
        "decision_counts",
        Column("site_id", Text, primary_key=True),
        Column("day", Integer, primary_key=True),
        Column("verdict", Text, primary_key=True),
        Column("decided_by", Text, primary_key=True),
        Column("machine_said", Text, primary_key=True),
        Column("is_first", Integer, primary_key=True),
        Column("number", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_counts",
        Column("site_id", Text, primary_key=True),
        Column("week", Integer, primary_key=True),
        Column("campaign_id", Text, primary_key=True),
        Column("number", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_campaign_counts_most", "campaign_counts", ["site_id", "week", "number"])
    op.create_table(
        "counted",
        Column("name", Text, primary_key=True),
        Column("until", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_index("ix_host_counts_most", "host_counts")
    op.drop_index("ix_decisions_moderator", "decisions")
    for table in ("counted", "campaign_counts", "decision_counts", "digests", "notes"):
        op.drop_table(table)
    op.drop_column("sessions", "agent")
    op.drop_column("sessions", "address")
    op.drop_column("moderators", "mail")
    op.execute("UPDATE moderators SET role = 'admin' WHERE role = 'owner'")
    op.execute("UPDATE moderators SET role = 'moderator' WHERE role = 'viewer'")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")
