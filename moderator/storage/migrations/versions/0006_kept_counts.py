"""Counts that are kept, and indexes for every look-up."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


BY_PERSON = "CASE WHEN decided_by IN ('moderator', 'blog') THEN {} ELSE 0 END"
MONTH = BY_PERSON.format("created_at / 2592000000")
LATE = BY_PERSON.format("created_at - created_at / 2592000000 * 2592000000")
AUTHORS = f"""
INSERT INTO author_counts (site_id, author_key, month, status, by_person, number, late)
SELECT site_id, author_key, {MONTH}, status, {BY_PERSON.format(1)}, count(*),
  CAST(sum({LATE}) AS bigint)
FROM submissions WHERE author_key <> '' AND status IN ('approved', 'spam') GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  # our own words
HOSTS = """
INSERT INTO host_counts (site_id, host, month, is_spam, number, late)
SELECT site_id, host, decided_at / 2592000000, is_spam, count(*),
  CAST(sum(decided_at - decided_at / 2592000000 * 2592000000) AS bigint)
FROM host_rulings GROUP BY 1, 2, 3, 4
"""
PLACE = ["campaign_id", "site_id", "joined_at", "submission_id"]


def _replace(name: str, table: str, columns: list[str]) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _create_counts()
    op.create_index("ix_submissions_site", "submissions", ["site_id", "id"])
    op.drop_index("ix_submissions_author", "submissions")
    op.create_index("ix_submissions_author", "submissions", ["site_id", "author_key", "created_at"])
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


def _create_counts() -> None:
    for name, whom, how in (
        ("author_counts", "author_key", [_key("status", Text), _key("by_person", Integer)]),
        ("host_counts", "host", [_key("is_spam", Integer)]),
    ):
        op.create_table(
            name,
            *(_key("site_id", Text), _key(whom, Text), _key("month", Integer), *how),
            Column("number", BigInteger, nullable=False),
            Column("late", BigInteger, nullable=False),
            sqlite_with_rowid=False,
        )
    op.execute(AUTHORS)
    op.execute(HOSTS)


def _key(name: str, kind: type[Text | Integer]) -> Column[object]:
    return Column(name, kind, primary_key=True)


def downgrade() -> None:
    op.drop_table("host_counts")
    op.drop_table("author_counts")
    op.drop_index("ix_submissions_site", "submissions")
    op.drop_index("ix_submissions_author", "submissions")
    op.create_index("ix_submissions_author", "submissions", ["site_id", "author_key", "status"])
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
