"""Sites whose approved linkbacks anybody may read, and the pages that linkbacks are about."""

from alembic import op
from sqlalchemy import Column, Integer, Text, text

from moderator.domain.content.fingerprint import target_key
from moderator.storage.base.payload import load_submission

# What is there already is keyed as the service keys it.
revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PIECE = 500
LINKBACKS = text(
    "SELECT id, payload FROM submissions WHERE id > :last AND payload <> ''"
    " AND kind NOT IN ('comment', 'reply', '') ORDER BY id LIMIT :piece"
)
KEEP = text("UPDATE submissions SET target_key = :target_key WHERE id = :id")
SHOWN = text("status = 'approved' AND target_key <> ''")
INDEXES = {
    "ix_submissions_shown": ["target_key", "site_id", "id"],
    "ix_submissions_site_shown": ["status", "site_id", "id"],
}


def upgrade() -> None:
    op.add_column("sites", Column("has_feed", Integer, nullable=False, server_default="0"))
    op.add_column("submissions", Column("target_key", Text, nullable=False, server_default=""))
    _keep_targets()
    for name, columns in INDEXES.items():
        op.create_index(name, "submissions", columns, sqlite_where=SHOWN, postgresql_where=SHOWN)


def _keep_targets() -> None:
    last = ""
    while True:
        rows = op.get_bind().execute(LINKBACKS, {"last": last, "piece": PIECE}).all()
        if not rows:
            return
        for row in rows:
            key = target_key(load_submission(row.payload))
            op.get_bind().execute(KEEP, {"id": row.id, "target_key": key})
        last = rows[-1].id


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "submissions")
    op.drop_column("submissions", "target_key")
    op.drop_column("sites", "has_feed")
