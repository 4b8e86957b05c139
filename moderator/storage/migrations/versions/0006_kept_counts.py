"""Counts that are kept, and indexes for every look-up."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


PLACE = ["campaign_id", "site_id", "joined_at", "submission_id"]


def _replace(name: str, table: str, columns: list[str]) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _partial("ix_queue_fresh", "queue", ["job", "due_at"], "attempts = 0")
    _partial("ix_queue_tried", "queue", ["job", "due_at"], "attempts > 0")
    op.drop_index("ix_queue_due", "queue")
    _partial("ix_deliveries_dead", "deliveries", ["state", "site_id"], "state = 'dead'")
    _replace("ix_campaign_members_place", "campaign_members", PLACE)
    _replace("ix_lessons_text", "lessons", ["site_id", "text", "submission_id"])
    op.drop_index("ix_submissions_listed", "submissions")
    listed = ["listed", "site_id", "received_at", "id"]
    _partial("ix_submissions_listed", "submissions", listed, "listed = 1")
    op.drop_index("ix_submissions_newest_held", "submissions")
    newest = ["status", "received_at", "id", "site_id", "text_key"]
    _partial("ix_submissions_newest_held", "submissions", newest, "status = 'hold'")
    op.drop_index("ix_submissions_held", "submissions")
    held = ["status", "site_id", "text_key", "received_at", "id"]
    _partial("ix_submissions_held", "submissions", held, "status = 'hold'")


def downgrade() -> None:
    op.drop_index("ix_submissions_held", "submissions")
    held = ["status", "site_id", "text_key", "id"]
    _partial("ix_submissions_held", "submissions", held, "status = 'hold'")
    op.drop_index("ix_submissions_newest_held", "submissions")
    newest = ["status", "id", "site_id", "text_key"]
    _partial("ix_submissions_newest_held", "submissions", newest, "status = 'hold'")
    op.drop_index("ix_submissions_listed", "submissions")
    listed = ["site_id", "received_at", "id"]
    _partial("ix_submissions_listed", "submissions", listed, "listed = 1")
    _replace("ix_lessons_text", "lessons", ["site_id", "text"])
    _replace("ix_campaign_members_place", "campaign_members", [*PLACE[:2], PLACE[3]])
    op.drop_index("ix_deliveries_dead", "deliveries")
    op.create_index("ix_queue_due", "queue", ["job", "due_at"])
    op.drop_index("ix_queue_tried", "queue")
    op.drop_index("ix_queue_fresh", "queue")
