"""Words by which submissions are found, what was before an edit, and the order by score."""

from alembic import op
from sqlalchemy import Column, Text, text

from moderator.storage.search import keep_words

# The words of what waits are made as the service makes them.
revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PIECE = 500
HELD = text(
    "SELECT id FROM submissions WHERE (status = 'hold' OR listed = 1) AND id > :last"
    " ORDER BY id LIMIT :piece"
)
INDEXES = {
    "ix_submissions_honest": (["status", "site_id", "score", "id"], text("status = 'hold'")),
    "ix_submissions_edited": (["status", "id"], text("content_version > 1")),
    "ix_submissions_reported": (["status", "id"], text("reports > 0")),
}


def upgrade() -> None:
    by_bytes = Text().with_variant(Text(collation="C"), "postgresql")
    op.create_table(
        "search_words",
        Column("submission_id", Text, primary_key=True),
        Column("word", by_bytes, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_word", "search_words", ["word", "submission_id"])
    op.add_column("submissions", Column("earlier", Text, nullable=False, server_default=""))
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "submissions", columns, sqlite_where=where, postgresql_where=where)
    _keep_words()


def _keep_words() -> None:
    """Of what waits already."""
    last = ""
    while True:
        rows = op.get_bind().execute(HELD, {"last": last, "piece": PIECE})
        ids = [row[0] for row in rows]
        if not ids:
            return
        keep_words(op.get_bind(), ids, known=())
        last = ids[-1]


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "submissions")
    op.drop_column("submissions", "earlier")
    op.drop_table("search_words")
