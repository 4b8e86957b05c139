"""Versions of texts, what the blog heard, reports, tombstones, lessons to be taken back."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, text

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTED = text("listed = 1")
GONE = text("erased_at IS NOT NULL")


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _number(name: str, default: str = "0") -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=default)


def _time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _submissions() -> tuple[Column[str] | Column[int], ...]:
    return (
        _number("content_version", "1"),
        _text("decided_status"),
        _number("decided_version", "1"),
        _text("edited_as"),
        _time("edited_at"),
        _text("blog_decided_as"),
        _time("blog_decided_at"),
        _text("heard_status"),
        _text("heard_duplicate_of"),
        _number("heard_sequence"),
        _number("reports"),
        _number("listed_version"),
        _number("listed"),
        _text("feedback"),
        Column("erased_at", BigInteger),
    )


def upgrade() -> None:
    for column in _submissions():
        op.add_column("submissions", column)
    op.add_column("decisions", _number("content_version", "1"))
    op.add_column("deliveries", _number("sequence"))
    op.create_table(
        "lessons",
        Column("submission_id", Text, primary_key=True),
        _text("site_id"),
        _text("text"),
        Column("is_spam", Integer, nullable=False),
        Column("trace", LargeBinary, nullable=False),
    )
    op.create_index("ix_lessons_text", "lessons", ["site_id", "text"])
    op.create_index(
        "ix_submissions_listed",
        "submissions",
        ["site_id", "received_at", "id"],
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )
    op.create_index(
        "ix_submissions_erased",
        "submissions",
        ["erased_at"],
        sqlite_where=GONE,
        postgresql_where=GONE,
    )
    for statement in _fill(op.get_bind().dialect.name):
        op.execute(statement)


def _fill(dialect: str) -> tuple[str, ...]:
    """What the new columns say about what is there already."""
    reports = (
        "CAST(payload::json ->> 'reports' AS integer)"
        if dialect == "postgresql"
        else "json_extract(payload, '$.reports')"
    )
    latest = (
        "(SELECT {what} FROM decisions d WHERE d.submission_id = submissions.id"
        " AND d.sequence = submissions.{sequence})"
    )
    status = (
        "CASE d.verdict WHEN 'approve' THEN 'approved' WHEN 'discard' THEN 'trash'"
        " ELSE d.verdict END"
    )
    decided = latest.format(what=status, sequence="sequence")
    heard_status = latest.format(what=status, sequence="heard_sequence")
    heard_duplicate_of = latest.format(what="d.duplicate_of", sequence="heard_sequence")
    return (
        """UPDATE deliveries SET sequence = coalesce((SELECT d.sequence FROM decisions d
        WHERE d.id = deliveries.decision_id), 0)""",
        f"""UPDATE submissions SET decided_status = coalesce({decided}, '')
        WHERE sequence > 0""",  # noqa: S608  # our own words
        # An edit that waits: what was decided was about the text before.
        "UPDATE submissions SET content_version = 2 WHERE status = 'queued' AND sequence > 0",
        f"UPDATE submissions SET reports = coalesce({reports}, 0) WHERE payload <> ''",  # noqa: S608  # our own words
        """UPDATE submissions SET heard_sequence = coalesce((SELECT max(d.sequence)
        FROM decisions d LEFT JOIN deliveries v ON v.decision_id = d.id
        WHERE d.submission_id = submissions.id
        AND (v.state = 'delivered' OR d.decided_by = 'blog')), 0) WHERE sequence > 0""",
        f"""UPDATE submissions SET heard_status = coalesce({heard_status}, ''),
        heard_duplicate_of = coalesce({heard_duplicate_of}, '')
        WHERE heard_sequence > 0""",  # noqa: S608  # our own words
        """DELETE FROM decisions WHERE submission_id IN
        (SELECT id FROM submissions WHERE status = 'erased')""",
        """UPDATE submissions SET erased_at = received_at, created_at = received_at, kind = '',
        sequence = 0, decided_status = '', decided_by = '', score = 0, duplicate_of = '',
        heard_sequence = 0, heard_status = '', heard_duplicate_of = ''
        WHERE status = 'erased'""",
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_erased", "submissions")
    op.drop_index("ix_submissions_listed", "submissions")
    op.drop_table("lessons")
    op.drop_column("deliveries", "sequence")
    op.drop_column("decisions", "content_version")
    for column in _submissions():
        op.drop_column("submissions", column.name)
