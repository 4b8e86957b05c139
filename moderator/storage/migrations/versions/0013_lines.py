"""The queue's line is a campaign; decisions of one act are named; people decide in advance."""

from alembic import op
from sqlalchemy import BigInteger, Column, Text, text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HELD = text("status = 'hold'")
TOGETHER = text("act <> ''")
NEWEST = "ix_submissions_newest_held"


def upgrade() -> None:
    op.add_column("submissions", _text("campaign_id"))
    op.execute(
        "UPDATE submissions SET campaign_id = (SELECT m.campaign_id FROM campaign_members m"
        " WHERE m.submission_id = submissions.id)"
        " WHERE id IN (SELECT submission_id FROM campaign_members)"
    )
    _index_newest("campaign_id")
    _held("ix_submissions_gathered", ["status", "campaign_id", "received_at", "id", "site_id"])
    op.add_column("decisions", _text("act"))
    op.create_index(
        "ix_decisions_act", "decisions", ["act"], sqlite_where=TOGETHER, postgresql_where=TOGETHER
    )
    _phrases()
    _advance_rulings()
    _claims()


def _index_newest(last: str) -> None:
    op.drop_index(NEWEST, "submissions")
    _held(NEWEST, ["status", "received_at", "id", "site_id", last])


def _held(name: str, columns: list[str]) -> None:
    op.create_index(name, "submissions", columns, sqlite_where=HELD, postgresql_where=HELD)


def _phrases() -> None:
    op.create_table(
        "phrases",
        Column("key", BigInteger, primary_key=True, autoincrement=False),
        Column("submission_id", Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_phrases_submission", "phrases", ["submission_id"])


def _advance_rulings() -> None:
    op.create_table(
        "advance_rulings",
        Column("id", Text, primary_key=True),
        *(
            _text(name)
            for name in (
                "campaign_id", "site_id", "verdict", "moderator_id", "moderator_name", "act",
            )
        ),
        Column("made_at", BigInteger, nullable=False),
        Column("ends_at", BigInteger, nullable=False),
        Column("revoked_at", BigInteger),
        _text("revoked_by"),
    )  # fmt: skip
    op.create_index(
        "ix_advance_rulings_campaign", "advance_rulings", ["campaign_id", "site_id", "ends_at"]
    )
    op.create_index("ix_advance_rulings_act", "advance_rulings", ["act"])


def _claims() -> None:
    op.create_table(
        "claims",
        Column("line", Text, primary_key=True),
        _text("moderator_id"),
        _text("moderator_name"),
        Column("until", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claims_until", "claims", ["until"])


def downgrade() -> None:
    for table in ("claims", "advance_rulings", "phrases"):
        op.drop_table(table)
    op.drop_index("ix_decisions_act", "decisions")
    op.drop_column("decisions", "act")
    op.drop_index("ix_submissions_gathered", "submissions")
    _index_newest("text_key")
    op.drop_column("submissions", "campaign_id")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")
